-- grain: one row per source and paid order whose buyer was a member at that moment
-- The member id: the one the order names, else the one its identifier was seen with, else the one
-- the customer joined with first. An order that shows a member id is a member's whatever the date
-- of joining says.
with orders as (
    select
        source,
        order_id,
        channel,
        customer_key,
        identifier_key,
        ordered_at,
        order_date,
        sales_amount
    from {{ ref('fct_order') }}
    where identifier_key is not null
),

members as (
    select
        identifier_key,
        customer_key,
        joined_at,
        member_number
    from {{ ref('dim_member') }}
),

pairs as (
    select
        left_key as one_key,
        right_key as other_key
    from {{ ref('int_identity__evidence') }}
    where left_namespace = 'member_id' or right_namespace = 'member_id'
    union
    select
        right_key as one_key,
        left_key as other_key
    from {{ ref('int_identity__evidence') }}
    where left_namespace = 'member_id' or right_namespace = 'member_id'
),

candidates as (
    select
        orders.source,
        orders.order_id,
        members.identifier_key,
        members.member_number,
        'order' as recognised_by,
        1 as recognition_rank
    from orders
    inner join members on members.identifier_key = orders.identifier_key
    union all
    select
        orders.source,
        orders.order_id,
        members.identifier_key,
        members.member_number,
        case when pairs.one_key is null then 'customer' else 'record' end as recognised_by,
        case when pairs.one_key is null then 3 else 2 end as recognition_rank
    from orders
    inner join members
        on
            members.customer_key = orders.customer_key
            and members.joined_at
            <= {{ add_seconds('orders.ordered_at', var('loyalty_join_hours') ~ ' * 3600') }}
    left join pairs
        on pairs.one_key = members.identifier_key and pairs.other_key = orders.identifier_key
    where orders.customer_key <> {{ unidentified() }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source, order_id
            order by recognition_rank, member_number, identifier_key
        ) as candidate_rank
    from candidates
),

final as (
    select
        orders.source,
        orders.order_id,
        ranked.identifier_key,
        members.customer_key,
        ranked.recognised_by,
        orders.channel,
        orders.ordered_at,
        orders.order_date,
        orders.sales_amount
    from ranked
    inner join orders on orders.source = ranked.source and orders.order_id = ranked.order_id
    inner join members on members.identifier_key = ranked.identifier_key
    where ranked.candidate_rank = 1
)

select * from final
