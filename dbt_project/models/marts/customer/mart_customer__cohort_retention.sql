-- grain: one row per cohort month and month since the first purchase, up to as_of
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

calendar as (
    select
        month_start_date,
        max(calendar_date) as month_end_date
    from {{ ref('dim_date') }}
    group by month_start_date
),

months as (
    select
        calendar.month_start_date,
        calendar.month_end_date <= clock.as_of_date as is_complete,
        clock.as_of_date
    from calendar
    cross join clock
    where calendar.month_start_date <= clock.as_of_date
),

cohorts as (
    select
        cohort_month_date,
        count(*) as customer_count
    from {{ ref('ftr_customer__first_purchase') }}
    group by cohort_month_date
),

activity as (
    select
        cohort_month_date,
        month_start_date,
        count(activity) as active_count,
        sum(order_count) as order_count,
        sum(net_sales_amount) as net_sales_amount
    from {{ ref('ftr_customer__purchase_month') }}
    group by cohort_month_date, month_start_date
),

grid as (
    select
        cohorts.cohort_month_date,
        cohorts.customer_count,
        months.month_start_date,
        months.is_complete,
        months.as_of_date,
        coalesce(activity.active_count, 0) as active_count,
        coalesce(activity.order_count, 0) as order_count,
        coalesce(activity.net_sales_amount, 0) as net_sales_amount
    from cohorts
    inner join months on months.month_start_date >= cohorts.cohort_month_date
    left join activity
        on
            activity.cohort_month_date = cohorts.cohort_month_date
            and activity.month_start_date = months.month_start_date
),

running as (
    select
        *,
        sum(net_sales_amount) over (
            partition by cohort_month_date
            order by month_start_date
            rows between unbounded preceding and current row
        ) as net_sales_so_far
    from grid
),

final as (
    select
        cohort_month_date,
        cast({{ months_between('cohort_month_date', 'month_start_date') }} as integer)
            as months_since_first,
        month_start_date,
        is_complete,
        customer_count,
        active_count,
        {{ share_of('active_count', 'customer_count') }} as retention_rate,
        cast(order_count as bigint) as order_count,
        cast(net_sales_amount as decimal(16, 2)) as net_sales_amount,
        cast(net_sales_so_far / customer_count as decimal(16, 2)) as net_sales_per_customer_amount,
        '{{ var("currency") }}' as currency,
        as_of_date
    from running
)

select * from final
