-- grain: one row per day on which customers buy unlike on others
-- By the brand's calendar and var promotion_special_days.
{{ config(materialized='view') }}
{%- set special = var('promotion_special_days') | join("', '") %}
with final as (
    select distinct calendar_date
    from {{ ref('stg_calendar__day') }}
    where day_type in ('{{ special }}')
)

select * from final
