-- grain: one row per month, journey stage, channel and touchpoint
{{ config(alias='journey_touchpoint_map') }}
with told as (
    select
        month_start_date,
        journey_stage,
        channel,
        touchpoint,
        touch_count,
        customer_count,
        journey_count,
        decided_journey_count,
        ended_journey_count,
        entered_count,
        converted_count,
        left_count,
        last_own_count,
        entry_share,
        conversion_rate,
        leaving_rate,
        as_of_date
    from {{ ref('mart_journey__touchpoint_map') }}
),

final as (
    select * from told
)

select * from final
