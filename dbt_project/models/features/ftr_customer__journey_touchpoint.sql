-- grain: one row per customer, journey (0 outside any), month, stage, channel and touchpoint
-- How often they met there in the stage the journey had come to with the touch, and whether it
-- began, led to its purchase, or ended there.
{%- set points = {
    'entry': 'entry_event_id',
    'conversion': 'conversion_event_id',
    'exit': 'exit_event_id',
    'last_own': 'case when ended_by is not null then last_own_event_id end',
} %}
with events as (
    select
        event_id,
        customer_key,
        event_at,
        {{ month_start('event_date') }} as month_start_date,
        channel,
        coalesce(touchpoint, 'unknown') as touchpoint
    from {{ ref('fct_event') }}
    where customer_key <> {{ unidentified() }}
),

intervals as (
    select
        customer_key,
        journey_number,
        journey_stage,
        valid_from,
        valid_to
    from {{ ref('fct_journey_interval') }}
),

points as (
    {%- for point, event in points.items() %}
    select
        {{ event }} as event_id,
        '{{ point }}' as point
    from {{ ref('ftr_customer__journey') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

marks as (
    select
        event_id,
        {%- for point in points %}
        count(case when point = '{{ point }}' then 1 end) as {{ point }}_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from points
    where event_id is not null
    group by event_id
),

final as (
    select
        events.customer_key,
        coalesce(intervals.journey_number, 0) as journey_number,
        events.month_start_date,
        coalesce(intervals.journey_stage, 'none') as journey_stage,
        events.channel,
        events.touchpoint,
        count(*) as touch_count,
        {%- for point in points %}
        coalesce(sum(marks.{{ point }}_count), 0) as {{ point }}_count
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from events
    left join intervals
        on
            intervals.customer_key = events.customer_key
            and intervals.valid_from <= events.event_at
            and (intervals.valid_to is null or intervals.valid_to > events.event_at)
    left join marks on marks.event_id = events.event_id
    group by
        events.customer_key,
        coalesce(intervals.journey_number, 0),
        events.month_start_date,
        coalesce(intervals.journey_stage, 'none'),
        events.channel,
        events.touchpoint
)

select * from final
