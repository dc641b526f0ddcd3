-- grain: one row per customer, and one for all that nobody can be named for (is_unidentified)
{%- set traits = [
    'full_name_key', 'gender', 'birthday', 'is_lunar_birthday', 'age_band', 'education',
    'income_band', 'home_ownership', 'marital_status', 'household_size', 'household_composition',
    'children_count', 'home_city', 'home_province', 'skin_type', 'language', 'time_zone',
] %}
{%- set persona = [
    'favourite_category', 'favourite_store_id', 'preferred_channel', 'discounted_share',
    'remembered_sizes',
] %}
with customers as (
    select
        customer_key,
        is_unidentified,
        registered_at,
        {{ traits | join(',\n        ') }},
        has_synthetic_data
    from {{ ref('dim_customer') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

orders as (
    select
        customer_key,
        count(*) as order_count,
        sum(sales_amount) as sales_amount,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('fct_order') }}
    group by customer_key
),

refunds as (
    select
        customer_key,
        sum(refund_amount) as refund_amount
    from {{ ref('fct_refund') }}
    group by customer_key
),

cycles as (
    select
        customer_key,
        purchase_cycle_days,
        cycle_source,
        next_expected_order_date,
        days_overdue,
        is_overdue
    from {{ ref('ftr_customer__purchase_cycle') }}
),

contacts as (
    select
        customer_key,
        identifier_count,
        has_email,
        has_phone,
        has_email_marketing_consent,
        reachable_channels
    from {{ ref('ftr_customer__contactability') }}
),

touches as (
    select
        customer_key,
        sum(
            case when event_type = 'message_delivered' then 1 else 0 end
        ) as campaign_received_count,
        sum(case when event_type = 'voucher_redeemed' then 1 else 0 end) as voucher_redeemed_count,
        max(event_date) as last_event_date
    from {{ ref('fct_event') }}
    group by customer_key
),

personas as (
    select
        customer_key,
        {{ persona | join(',\n        ') }}
    from {{ ref('ftr_customer__persona') }}
),

tagged as (
    select
        customer_key,
        {{ list_text('tag') }} as tags
    from {{ ref('mart_customer__tag') }}
    group by customer_key
),

final as (
    select
        customers.customer_key,
        customers.is_unidentified,
        clock.as_of_date,
        customers.registered_at,
        coalesce(orders.order_count, 0) as order_count,
        cast(coalesce(orders.sales_amount, 0) as decimal(16, 2)) as sales_amount,
        cast(coalesce(refunds.refund_amount, 0) as decimal(16, 2)) as refund_amount,
        cast(
            coalesce(orders.sales_amount, 0) - coalesce(refunds.refund_amount, 0)
            as decimal(16, 2)
        ) as net_sales_amount,
        cast(
            round(orders.sales_amount / orders.order_count, 2) as decimal(16, 2)
        ) as average_order_amount,
        '{{ var("currency") }}' as currency,
        orders.first_order_date,
        orders.last_order_date,
        {{ days_between('orders.last_order_date', 'clock.as_of_date') }} as recency_days,
        cycles.purchase_cycle_days,
        cycles.cycle_source,
        cycles.next_expected_order_date,
        cycles.days_overdue,
        coalesce(cycles.is_overdue, false) as is_overdue,
        coalesce(touches.campaign_received_count, 0) as campaign_received_count,
        coalesce(touches.voucher_redeemed_count, 0) as voucher_redeemed_count,
        touches.last_event_date,
        coalesce(contacts.identifier_count, 0) as identifier_count,
        coalesce(contacts.has_email, false) as has_email,
        coalesce(contacts.has_phone, false) as has_phone,
        coalesce(contacts.has_email_marketing_consent, false) as has_email_marketing_consent,
        {%- for field in persona %}
        personas.{{ field }},
        {%- endfor %}
        contacts.reachable_channels,
        tagged.tags,
        {%- for trait in traits %}
        customers.{{ trait }},
        {%- endfor %}
        customers.has_synthetic_data
    from customers
    cross join clock
    left join orders on orders.customer_key = customers.customer_key
    left join refunds on refunds.customer_key = customers.customer_key
    left join cycles on cycles.customer_key = customers.customer_key
    left join contacts on contacts.customer_key = customers.customer_key
    left join touches on touches.customer_key = customers.customer_key
    left join personas on personas.customer_key = customers.customer_key
    left join tagged on tagged.customer_key = customers.customer_key
)

select * from final
