-- grain: one row per calendar day, from the first year of orders or campaigns to the end of the
-- year after as_of
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

orders as (
    select min(order_date) as first_date
    from {{ ref('int_order__basket') }}
),

campaigns as (
    select
        min(start_date) as first_date,
        max(end_date) as last_date
    from {{ ref('int_campaign__campaign') }}
),

bounds as (
    select
        least(clock.as_of_date, orders.first_date, campaigns.first_date) as first_date,
        greatest(clock.as_of_date, campaigns.last_date) as last_date
    from clock
    cross join orders
    cross join campaigns
),

years as (
    select
        make_date(cast(extract(year from first_date) as integer), 1, 1) as first_date,
        make_date(cast(extract(year from last_date) as integer) + 1, 12, 31) as last_date
    from bounds
),

days as (
    {{ day_series('years', 'first_date', 'last_date') }}
),

final as (
    select
        calendar_date,
        cast(extract(year from calendar_date) as integer) as year_number,
        cast(extract(quarter from calendar_date) as integer) as quarter_of_year,
        cast(extract(month from calendar_date) as integer) as month_of_year,
        cast(extract(week from calendar_date) as integer) as iso_week_of_year,
        {{ iso_day_of_week('calendar_date') }} as iso_day_of_week,
        {{ month_start('calendar_date') }} as month_start_date,
        {{ iso_day_of_week('calendar_date') }} >= 6 as is_weekend
    from days
)

select * from final
