-- grain: one row per customer and day with a purchase
-- `gap_days` since the customer's purchase day before; empty on the first.
with orders as (
    select
        customer_key,
        order_date,
        sales_amount
    from {{ ref('fct_order') }}
    where customer_key <> {{ unidentified() }}
),

days as (
    select
        customer_key,
        order_date,
        count(*) as order_count,
        sum(sales_amount) as sales_amount
    from orders
    group by customer_key, order_date
),

followed as (
    select
        *,
        row_number() over (partition by customer_key order by order_date) as purchase_day_number,
        lag(order_date) over (partition by customer_key order by order_date) as previous_order_date
    from days
),

final as (
    select
        customer_key,
        order_date,
        cast(purchase_day_number as integer) as purchase_day_number,
        {{ days_between('previous_order_date', 'order_date') }} as gap_days,
        order_count,
        cast(sales_amount as decimal(14, 2)) as sales_amount
    from followed
)

select * from final
