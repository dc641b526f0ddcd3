-- grain: one row per month, stage a journey was in and stage it came to
{{ config(alias='journey_stage_flow') }}
with told as (
    select
        month_start_date,
        from_stage,
        to_stage,
        from_node,
        to_node,
        move_count,
        customer_count,
        from_share,
        median_dwell_days,
        as_of_date
    from {{ ref('mart_journey__stage_flow') }}
),

final as (
    select * from told
)

select * from final
