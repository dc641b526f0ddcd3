-- The map holds every touch of a known customer; each journey begins, and each that bought or ended
-- does so, at exactly one place of it. The paths hold every journey decided in their days.
{{ config(meta={'dagster': {'ref': {'name': 'mart_journey__touchpoint_map'}}}) }}
with places as (
    select
        coalesce(sum(touch_count), 0) as touch_count,
        coalesce(sum(entered_count), 0) as entered_count,
        coalesce(sum(converted_count), 0) as converted_count,
        coalesce(sum(left_count), 0) as left_count
    from {{ ref('mart_journey__touchpoint_map') }}
),

events as (
    select count(*) as touch_count
    from {{ ref('fct_event') }}
    where customer_key <> {{ unidentified() }}
),

intervals as (
    select
        customer_key,
        journey_number,
        case when count(valid_to) = count(*) then 1 else 0 end as is_silent
    from {{ ref('fct_journey_interval') }}
    group by customer_key, journey_number
),

ends as (
    select
        count(*) as journey_count,
        count(journeys.purchased_at) as converted_count,
        count(case when intervals.is_silent = 1 or journeys.ended_by = 'left' then 1 end)
            as ended_count
    from intervals
    left join {{ ref('ftr_customer__journey') }} as journeys
        on
            journeys.customer_key = intervals.customer_key
            and journeys.journey_number = intervals.journey_number
),

clock as (
    select {{ add_days('as_of_date', '-' ~ var('journey_path_days')) }} as since_date
    from {{ ref('int_time__clock') }}
),

outcomes as (
    select {{ business_date('coalesce(purchased_at, ended_at)') }} as decided_date
    from {{ ref('ftr_customer__journey') }}
),

decided as (
    select count(*) as journey_count
    from outcomes
    inner join clock on clock.since_date < outcomes.decided_date
),

paths as (
    select coalesce(sum(journey_count), 0) as journey_count
    from {{ ref('mart_journey__paths') }}
)

select
    places.touch_count,
    events.touch_count as told_touch_count,
    places.entered_count,
    ends.journey_count,
    places.converted_count,
    ends.converted_count as told_converted_count,
    places.left_count,
    ends.ended_count,
    paths.journey_count as path_journey_count,
    decided.journey_count as decided_journey_count
from places
cross join events
cross join ends
cross join decided
cross join paths
where
    places.touch_count <> events.touch_count
    or places.entered_count <> ends.journey_count
    or places.converted_count <> ends.converted_count
    or places.left_count <> ends.ended_count
    or paths.journey_count <> decided.journey_count
