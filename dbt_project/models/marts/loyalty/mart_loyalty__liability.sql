-- grain: one row per business day, from the first on which points moved
-- What moved on the day, and what was outstanding at its end: points that members can spend, and
-- points they spent on rewards that they have not got yet.
{%- set kinds = {
    'earned': 'earn', 'reversed': 'reverse', 'redeemed': 'redeem', 'expired': 'expire',
    'adjusted': 'adjust',
} %}
with postings as (
    select
        posted_date,
        account,
        entry_kind,
        points
    from {{ ref('fct_points_posting') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

moved as (
    select
        posted_date,
        {%- for name, kind in kinds.items() %}
        sum(
            case when entry_kind = '{{ kind }}' and account = 'customer' then points else 0 end
        ) as {{ name }}_points,
        {%- endfor %}
        sum(case when account = 'customer' then points else 0 end) as customer_points,
        sum(case when account = 'liability' then points else 0 end) as undelivered_points
    from postings
    group by posted_date
),

first_day as (
    select min(posted_date) as first_date
    from moved
),

days as (
    select dates.calendar_date
    from {{ ref('dim_date') }} as dates
    cross join clock
    cross join first_day
    where dates.calendar_date between first_day.first_date and clock.as_of_date
),

final as (
    select
        days.calendar_date,
        {%- for name in kinds %}
        cast(coalesce(moved.{{ name }}_points, 0) as bigint) as {{ name }}_points,
        {%- endfor %}
        cast(
            sum(coalesce(moved.customer_points, 0)) over (
                order by days.calendar_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as customer_points,
        cast(
            sum(coalesce(moved.undelivered_points, 0)) over (
                order by days.calendar_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as undelivered_points,
        cast(
            sum(coalesce(moved.customer_points, 0) + coalesce(moved.undelivered_points, 0)) over (
                order by days.calendar_date
                rows between unbounded preceding and current row
            ) as bigint
        ) as liability_points
    from days
    left join moved on moved.posted_date = days.calendar_date
)

select * from final
