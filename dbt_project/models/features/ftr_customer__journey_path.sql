-- grain: one row per customer and journey that has bought or ended
-- The families of channels of its visits, up to the first purchase or the last thing the customer
-- did; visits that follow one another on one family are one step.
{%- set most = var('journey_path_most_steps') | int %}
with journeys as (
    select
        customer_key,
        journey_number,
        started_at,
        {{ business_date('started_at') }} as started_date,
        {{ business_date('purchased_at') }} as purchased_date,
        coalesce(purchased_at, last_own_at) as until_at,
        {{ business_date('coalesce(purchased_at, ended_at)') }} as decided_date
    from {{ ref('ftr_customer__journey') }}
    where purchased_at is not null or ended_by is not null
),

events as (
    select
        customer_key,
        event_at,
        channel,
        coalesce(session_id, {{ cast_text('event_date') }}) as visit_id
    from {{ ref('fct_event') }}
    where
        customer_key <> {{ unidentified() }}
        and direction = 'inbound'
        and engagement <> 'other'
        {%- for channel in var('back_office_channels') %}
        and channel <> '{{ channel }}'
        {%- endfor %}
),

channels as (
    select
        channel,
        channel_family
    from {{ ref('dim_channel') }}
),

visits as (
    select
        journeys.customer_key,
        journeys.journey_number,
        channels.channel_family,
        events.visit_id,
        min(events.event_at) as visit_at
    from journeys
    inner join events
        on
            events.customer_key = journeys.customer_key
            and events.event_at >= journeys.started_at
            and events.event_at <= journeys.until_at
    inner join channels on channels.channel = events.channel
    group by
        journeys.customer_key,
        journeys.journey_number,
        channels.channel_family,
        events.visit_id
),

compared as (
    select
        *,
        lag(channel_family) over (
            partition by customer_key, journey_number
            order by visit_at, channel_family, visit_id
        ) as family_before
    from visits
),

steps as (
    select
        customer_key,
        journey_number,
        channel_family,
        row_number() over (
            partition by customer_key, journey_number
            order by visit_at desc, channel_family desc, visit_id desc
        ) as place_from_end
    from compared
    where family_before is null or family_before <> channel_family
),

paths as (
    select
        customer_key,
        journey_number,
        count(*) as step_count,
        case when count(*) > {{ most }} then '... > ' else '' end
        {%- for place in range(most, 1, -1) %}
        || coalesce(max(case when place_from_end = {{ place }} then channel_family end) || ' > ', '')
        {%- endfor %}
        || max(case when place_from_end = 1 then channel_family end) as path
    from steps
    group by customer_key, journey_number
),

final as (
    select
        journeys.customer_key,
        journeys.journey_number,
        journeys.decided_date,
        journeys.purchased_date is not null as is_converted,
        coalesce(paths.path, 'none') as path,
        cast(coalesce(paths.step_count, 0) as integer) as step_count,
        {{ days_between('journeys.started_date', 'journeys.purchased_date') }} as days_to_purchase
    from journeys
    left join paths
        on
            paths.customer_key = journeys.customer_key
            and paths.journey_number = journeys.journey_number
)

select * from final
