-- What comes into a month's stage goes out of it, but for the journeys that stand there at as_of.
{{ config(meta={'dagster': {'ref': {'name': 'mart_journey__stage_flow'}}}) }}
with flows as (
    select
        from_stage,
        to_stage,
        from_node,
        to_node,
        move_count
    from {{ ref('mart_journey__stage_flow') }}
),

clock as (
    select {{ month_start(add_days('as_of_date', '1')) }} as node_month_date
    from {{ ref('int_time__clock') }}
),

standing as (
    select
        substring({{ cast_text('clock.node_month_date') }}, 1, 7)
        || ' ' || intervals.journey_stage as node
    from {{ ref('fct_journey_interval') }} as intervals
    cross join clock
    where intervals.valid_to is null
),

changes as (
    select
        to_node as node,
        move_count as journey_count
    from flows
    where to_stage <> 'left'
    union all
    select
        from_node as node,
        -move_count as journey_count
    from flows
    where from_stage <> 'entered'
    union all
    select
        node,
        -1 as journey_count
    from standing
)

select
    node,
    sum(journey_count) as lost_count
from changes
group by node
having sum(journey_count) <> 0
