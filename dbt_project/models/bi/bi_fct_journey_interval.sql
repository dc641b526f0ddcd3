-- grain: one row per customer and interval in which the furthest stage of a journey was the same
{{ config(alias='fct_journey_interval') }}
with journeys as (
    select
        customer_key,
        journey_number,
        journey_stage,
        valid_from,
        valid_to,
        reason,
        is_timed_out
    from {{ ref('fct_journey_interval') }}
),

final as (
    select * from journeys
)

select * from final
