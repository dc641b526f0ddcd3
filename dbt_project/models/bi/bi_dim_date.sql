-- grain: one row per calendar day, from the first year of orders or campaigns to the end of the
{{ config(alias='dim_date') }}
with days as (
    select
        calendar_date,
        year_number,
        quarter_of_year,
        month_of_year,
        iso_week_of_year,
        iso_day_of_week,
        month_start_date,
        is_weekend
    from {{ ref('dim_date') }}
),

final as (
    select * from days
)

select * from final
