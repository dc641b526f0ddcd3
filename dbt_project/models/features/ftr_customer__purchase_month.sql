-- grain: one row per identified customer and month with a purchase or a refund
-- New in the month of the first purchase; resurrected when the silence before the month's first
-- purchase was longer than var dormant_after_days; returning otherwise. A month with refunds alone
-- is no activity. What was given back before the first purchase (the clocks of two systems) counts
-- in its month.
with orders as (
    select
        customer_key,
        {{ month_start('order_date') }} as month_start_date,
        order_date,
        sales_amount
    from {{ ref('fct_order') }}
    where customer_key <> {{ unidentified() }}
),

beginnings as (
    select
        customer_key,
        cohort_month_date
    from {{ ref('ftr_customer__first_purchase') }}
),

refunds as (
    select
        refunds.customer_key,
        greatest(
            {{ month_start('refunds.refunded_date') }}, beginnings.cohort_month_date
        ) as month_start_date,
        refunds.refund_amount
    from {{ ref('fct_refund') }} as refunds
    inner join beginnings on beginnings.customer_key = refunds.customer_key
),

changes as (
    select
        customer_key,
        month_start_date,
        order_date,
        1 as order_count,
        sales_amount,
        0 as refund_amount
    from orders
    union all
    select
        customer_key,
        month_start_date,
        cast(null as date) as order_date,
        0 as order_count,
        0 as sales_amount,
        refund_amount
    from refunds
),

months as (
    select
        customer_key,
        month_start_date,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        sum(order_count) as order_count,
        sum(sales_amount) as sales_amount,
        sum(refund_amount) as refund_amount
    from changes
    group by customer_key, month_start_date
),

followed as (
    select
        *,
        max(last_order_date) over (
            partition by customer_key
            order by month_start_date
            rows between unbounded preceding and 1 preceding
        ) as order_date_before
    from months
),

final as (
    select
        followed.customer_key,
        followed.month_start_date,
        beginnings.cohort_month_date,
        cast(
            {{ months_between('beginnings.cohort_month_date', 'followed.month_start_date') }}
            as integer
        ) as months_since_first,
        followed.order_count,
        cast(followed.sales_amount as decimal(14, 2)) as sales_amount,
        cast(followed.refund_amount as decimal(14, 2)) as refund_amount,
        cast(
            followed.sales_amount - followed.refund_amount as decimal(14, 2)
        ) as net_sales_amount,
        {{ days_between('followed.order_date_before', 'followed.first_order_date') }}
            as silence_days,
        case
            when followed.order_count = 0 then null
            when followed.order_date_before is null then 'new'
            when
                {{ days_between('followed.order_date_before', 'followed.first_order_date') }}
                > {{ var('dormant_after_days') }}
                then 'resurrected'
            else 'returning'
        end as activity
    from followed
    inner join beginnings on beginnings.customer_key = followed.customer_key
)

select * from final
