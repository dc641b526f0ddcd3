-- grain: one row per customer and journey
-- Where a journey began, what led to its first purchase, and where it ended: by silence, or by
-- leaving (the last thing the customer did in it). Own are inbound touches that say something of
-- the relation.
{%- set journey = 'partition by customer_key, journey_number' %}
{%- set so_far = journey ~ ' order by event_at, event_id'
    ~ ' rows between unbounded preceding and current row' %}
with intervals as (
    select
        customer_key,
        journey_number,
        valid_from,
        valid_to
    from {{ ref('fct_journey_interval') }}
),

events as (
    select
        event_id,
        customer_key,
        event_at,
        engagement,
        case when journey_stage is not null then 1 else 0 end as is_sign,
        case when journey_stage = 'purchase' then 1 else 0 end as is_purchase,
        case when direction = 'inbound' and engagement <> 'other' then 1 else 0 end as is_own
    from {{ ref('fct_event') }}
    where customer_key <> {{ unidentified() }}
),

journeys as (
    select
        customer_key,
        journey_number,
        min(valid_from) as started_at,
        case when count(valid_to) = count(*) then max(valid_to) end as timed_out_at
    from intervals
    group by customer_key, journey_number
),

touches as (
    select
        journeys.customer_key,
        journeys.journey_number,
        journeys.started_at,
        journeys.timed_out_at,
        events.event_id,
        events.event_at,
        events.engagement,
        events.is_sign,
        events.is_purchase,
        events.is_own
    from journeys
    inner join events
        on
            events.customer_key = journeys.customer_key
            and events.event_at >= journeys.started_at
            and (journeys.timed_out_at is null or events.event_at < journeys.timed_out_at)
),

counted as (
    select
        *,
        row_number() over ({{ journey }} order by event_at, event_id) as touch_number,
        sum(is_sign) over ({{ so_far }}) as sign_number,
        sum(is_purchase) over ({{ so_far }}) as purchase_number,
        sum(is_own) over ({{ so_far }}) as own_number,
        min(case when is_purchase = 1 then event_at end) over ({{ journey }}) as purchased_at
    from touches
),

bounded as (
    select
        *,
        max(touch_number) over ({{ journey }}) as touch_count,
        max(own_number) over ({{ journey }}) as own_count,
        max(
            case when is_own = 1 and event_at < purchased_at then own_number end
        ) over ({{ journey }}) as leading_number
    from counted
),

told as (
    select
        customer_key,
        journey_number,
        started_at,
        timed_out_at,
        purchased_at,
        touch_count,
        own_count,
        min(case when is_sign = 1 and sign_number = 1 then event_id end) as entry_event_id,
        min(case when is_purchase = 1 and purchase_number = 1 then event_id end)
            as purchase_event_id,
        min(case when is_own = 1 and own_number = leading_number then event_id end)
            as leading_event_id,
        min(case when touch_number = touch_count then event_id end) as last_event_id,
        min(case when is_own = 1 and own_number = own_count then event_id end)
            as last_own_event_id,
        min(case when is_own = 1 and own_number = own_count then event_at end) as last_own_at,
        min(case when is_own = 1 and own_number = own_count and engagement = 'left' then 1 end)
            as has_left
    from bounded
    group by
        customer_key, journey_number, started_at, timed_out_at, purchased_at, touch_count, own_count
),

final as (
    select
        customer_key,
        journey_number,
        started_at,
        purchased_at,
        last_own_at,
        case when has_left = 1 then last_own_at else timed_out_at end as ended_at,
        case when has_left = 1 then 'left' when timed_out_at is not null then 'silence' end
            as ended_by,
        entry_event_id,
        purchase_event_id,
        coalesce(leading_event_id, purchase_event_id) as conversion_event_id,
        case
            when has_left = 1 then last_own_event_id
            when timed_out_at is not null then last_event_id
        end as exit_event_id,
        last_own_event_id,
        cast(touch_count as integer) as touch_count,
        cast(own_count as integer) as own_touch_count
    from told
)

select * from final
