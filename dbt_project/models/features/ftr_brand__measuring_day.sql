-- grain: one row per last day of a month since the first purchase, and as_of
-- The days on which customers are measured; none where nothing was landed.
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

purchases as (
    select min(order_date) as first_order_date
    from {{ ref('fct_order') }}
),

month_ends as (
    select max(calendar_date) as month_end_date
    from {{ ref('dim_date') }}
    group by month_start_date
),

days as (
    select month_ends.month_end_date as measured_date
    from month_ends
    cross join clock
    cross join purchases
    where
        month_ends.month_end_date <= clock.as_of_date
        and month_ends.month_end_date >= purchases.first_order_date
    union
    select as_of_date as measured_date
    from clock
    where as_of_date > {{ undated_date() }}
),

final as (
    select
        days.measured_date,
        month_ends.month_end_date is not null as is_month_end,
        days.measured_date = clock.as_of_date as is_as_of
    from days
    cross join clock
    left join month_ends on month_ends.month_end_date = days.measured_date
)

select * from final
