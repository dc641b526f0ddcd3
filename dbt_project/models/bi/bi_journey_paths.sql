-- grain: one row per path of channel families
{{ config(alias='journey_paths') }}
with told as (
    select
        path_rank,
        path,
        step_count,
        journey_count,
        journey_share,
        customer_count,
        converted_count,
        converted_share,
        median_days_to_purchase,
        as_of_date
    from {{ ref('mart_journey__paths') }}
),

final as (
    select * from told
)

select * from final
