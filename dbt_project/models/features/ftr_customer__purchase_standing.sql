-- grain: one row per identified customer and day on which a purchase or a refund changed the sums
-- What the customer had bought and given back at the end of that day, in force until the next such
-- day: what was true on any day is one row, what happened in a window the difference of two.
-- A refund takes back as much of the order's margin as it takes back of what was paid.
{%- set sums = [
    'order_count', 'purchase_day_count', 'sales_amount', 'refund_amount', 'costed_sales_amount',
    'value_amount',
] %}
with orders as (
    select
        source,
        order_id,
        customer_key,
        order_date,
        sales_amount,
        costed_sales_amount,
        margin_amount
    from {{ ref('ftr_order__margin') }}
    where customer_key <> {{ unidentified() }}
),

refunds as (
    select
        order_source,
        order_id,
        customer_key,
        refunded_date,
        refund_amount
    from {{ ref('fct_refund') }}
    where has_order and customer_key <> {{ unidentified() }}
),

changes as (
    select
        customer_key,
        order_date as standing_date,
        1 as order_count,
        sales_amount,
        0 as refund_amount,
        costed_sales_amount,
        margin_amount as value_amount
    from orders
    union all
    select
        refunds.customer_key,
        refunds.refunded_date as standing_date,
        0 as order_count,
        0 as sales_amount,
        refunds.refund_amount,
        0 as costed_sales_amount,
        -refunds.refund_amount * coalesce(
            orders.margin_amount / nullif(orders.sales_amount, 0), 1
        ) as value_amount
    from refunds
    left join orders
        on orders.source = refunds.order_source and orders.order_id = refunds.order_id
),

days as (
    select
        customer_key,
        standing_date,
        sum(order_count) as order_count,
        max(order_count) as purchase_day_count,
        sum(sales_amount) as sales_amount,
        sum(refund_amount) as refund_amount,
        sum(costed_sales_amount) as costed_sales_amount,
        sum(round(value_amount, 2)) as value_amount
    from changes
    group by customer_key, standing_date
),

running as (
    select
        customer_key,
        standing_date,
        lead(standing_date) over (partition by customer_key order by standing_date) as valid_to,
        {%- for sum in sums %}
        sum({{ sum }}) over so_far as {{ sum }},
        {%- endfor %}
        min(case when order_count > 0 then standing_date end) over so_far as first_order_date,
        max(case when order_count > 0 then standing_date end) over so_far as last_order_date
    from days
    window so_far as (
        partition by customer_key
        order by standing_date
        rows between unbounded preceding and current row
    )
),

final as (
    select
        customer_key,
        standing_date as valid_from,
        valid_to,
        first_order_date,
        last_order_date,
        cast(order_count as bigint) as order_count,
        cast(purchase_day_count as bigint) as purchase_day_count,
        cast(sales_amount as decimal(16, 2)) as sales_amount,
        cast(refund_amount as decimal(16, 2)) as refund_amount,
        cast(sales_amount - refund_amount as decimal(16, 2)) as net_sales_amount,
        cast(costed_sales_amount as decimal(16, 2)) as costed_sales_amount,
        cast(value_amount as decimal(16, 2)) as value_amount
    from running
)

select * from final
