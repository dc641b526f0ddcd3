-- grain: one row per promotion and week: the weeks it is compared with, itself (0), the weeks after
-- Weeks are seven days, counted back from the day before the first. A week that touches a holiday
-- or a big sales day, or that the brand's first sale is not older than, is taken out; of the others
-- the nearest var promotion_baseline_weeks stand. 1: the days after the last.
with promotions as (
    select
        promotion_key,
        start_date,
        end_date,
        window_first_date,
        window_last_date
    from {{ ref('ftr_promotion__promotion') }}
),

special_days as (
    select calendar_date
    from {{ ref('int_promotion__special_day') }}
),

first_sales as (
    select min(order_date) as first_date
    from {{ ref('fct_order') }}
),

numbers as (
    {%- for number in range(1, var('promotion_lookback_weeks') | int(1) + 1) %}
    select {{ number }} as weeks_before
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

before as (
    select
        promotions.promotion_key,
        numbers.weeks_before,
        {{ add_days('promotions.start_date', '-7 * numbers.weeks_before') }} as first_date,
        {{ add_days('promotions.start_date', '-7 * numbers.weeks_before + 6') }} as last_date
    from promotions
    cross join numbers
),

marked as (
    select
        before.promotion_key,
        before.weeks_before,
        before.first_date,
        before.last_date,
        count(special_days.calendar_date) as special_day_count
    from before
    inner join first_sales on first_sales.first_date <= before.first_date
    left join special_days
        on special_days.calendar_date between before.first_date and before.last_date
    group by before.promotion_key, before.weeks_before, before.first_date, before.last_date
),

ranked as (
    select
        promotion_key,
        weeks_before,
        first_date,
        last_date,
        row_number() over (partition by promotion_key order by weeks_before) as nearness
    from marked
    where special_day_count = 0
),

final as (
    select
        promotion_key,
        -weeks_before as week_number,
        first_date,
        last_date,
        7 as day_count
    from ranked
    where nearness <= {{ var('promotion_baseline_weeks') }}
    union all
    select
        promotion_key,
        0 as week_number,
        start_date as first_date,
        end_date as last_date,
        {{ days_between('start_date', 'end_date') }} + 1 as day_count
    from promotions
    union all
    select
        promotion_key,
        1 as week_number,
        {{ add_days('end_date', '1') }} as first_date,
        window_last_date as last_date,
        {{ 7 * var('promotion_after_weeks') | int(1) }} as day_count
    from promotions
)

select * from final
