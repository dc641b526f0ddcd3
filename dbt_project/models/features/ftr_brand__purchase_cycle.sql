-- grain: one row per month, from the month after the first gap to the month of as_of
-- The brand's own rhythm, for customers who have not shown theirs: the median of the first gaps of
-- all customers (as many each as a customer without an own rhythm may have), from purchases before
-- the month.
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

gaps as (
    select
        gap_days,
        {{ month_start('order_date') }} as month_start_date,
        count(*) as gap_count
    from {{ ref('ftr_customer__purchase_day') }}
    where
        gap_days is not null
        and purchase_day_number <= {{ var('purchase_cycle_minimum_days') }}
    group by gap_days, {{ month_start('order_date') }}
),

months as (
    select distinct dates.month_start_date
    from {{ ref('dim_date') }} as dates
    cross join clock
    where dates.calendar_date <= clock.as_of_date
),

known_gaps as (
    select
        months.month_start_date,
        gaps.gap_days,
        sum(gaps.gap_count) as gap_count
    from months
    inner join gaps on gaps.month_start_date < months.month_start_date
    group by months.month_start_date, gaps.gap_days
),

cumulated as (
    select
        month_start_date,
        gap_days,
        sum(gap_count) over (
            partition by month_start_date
            order by gap_days
            rows between unbounded preceding and current row
        ) as gap_count_so_far,
        sum(gap_count) over (partition by month_start_date) as gap_count
    from known_gaps
),

medians as (
    select
        month_start_date,
        min(gap_days) as purchase_cycle_days,
        min(gap_count) as gap_count
    from cumulated
    where gap_count_so_far * 2 >= gap_count
    group by month_start_date
),

final as (
    select
        month_start_date as valid_from,
        lead(month_start_date) over (order by month_start_date) as valid_to,
        purchase_cycle_days,
        cast(gap_count as bigint) as gap_count
    from medians
)

select * from final
