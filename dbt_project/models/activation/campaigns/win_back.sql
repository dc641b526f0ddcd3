-- grain: one row per customer who is overdue on their own purchase cycle
-- The occasion is the last purchase: only another one opens a new occasion.
with cycles as (
    select
        customer_key,
        last_order_date,
        recency_days,
        purchase_cycle_days
    from {{ ref('ftr_customer__purchase_cycle') }}
    where is_overdue and cycle_source = 'own'
),

customers as (
    select customer_key
    from {{ ref('mart_customer__single_view') }}
    where not is_unidentified
),

final as (
    select
        customers.customer_key,
        'win_back:' || {{ cast_text('cycles.last_order_date') }} as occasion_key,
        cycles.last_order_date,
        cycles.recency_days as days_since_last_order,
        cast(ceil(cycles.purchase_cycle_days) as integer) as purchase_cycle_days
    from customers
    inner join cycles on cycles.customer_key = customers.customer_key
)

select * from final
