-- grain: one row per customer, fact that rules on abuse look at, and business day
with orders as (
    select
        contract,
        source,
        order_id,
        customer_key,
        order_date,
        item_quantity
    from {{ ref('fct_order') }}
),

owners as (
    select distinct
        customer_key,
        identifier_key
    from {{ ref('bridge_customer_identifier') }}
),

happened as (
    select
        customer_key,
        'sample_count' as fact,
        issued_date as fact_date,
        cast(1 as bigint) as fact_value
    from {{ ref('fct_reward') }}
    where reward_type = 'sample'
    union all
    select
        customer_key,
        'manual_entry_count' as fact,
        posted_date as fact_date,
        cast(1 as bigint) as fact_value
    from {{ ref('fct_points_movement') }}
    where entry_kind = 'adjust' and points > 0 and order_id is null
    union all
    select
        customer_key,
        'largest_order_quantity' as fact,
        order_date as fact_date,
        item_quantity as fact_value
    from orders
    where item_quantity > 0
    union all
    select
        orders.customer_key,
        'foreign_recipient_order_count' as fact,
        orders.order_date as fact_date,
        cast(1 as bigint) as fact_value
    from orders
    inner join {{ ref('int_order__recipient') }} as recipients
        on
            recipients.contract = orders.contract
            and recipients.source = orders.source
            and recipients.order_id = orders.order_id
    left join owners
        on
            owners.customer_key = orders.customer_key
            and owners.identifier_key = recipients.recipient_phone_key
    where owners.identifier_key is null
    union all
    select
        counted.customer_key,
        'staff_order_count' as fact,
        counted.order_date as fact_date,
        cast(1 as bigint) as fact_value
    from {{ ref('fct_member_order') }} as counted
    inner join {{ ref('int_staff__member') }} as staff
        on staff.member_id_key = counted.identifier_key
),

final as (
    select
        customer_key,
        fact,
        fact_date,
        cast(
            case fact when 'largest_order_quantity' then max(fact_value) else sum(fact_value) end
            as bigint
        ) as fact_value
    from happened
    where customer_key <> {{ unidentified() }}
    group by customer_key, fact, fact_date
)

select * from final
