-- grain: one row per touch between a customer and the brand
-- Every touch of every channel (intermediate/event/), with what its kind means
-- (seeds/event_types.csv) and the session it was part of. Stored in the order of its readers.
{{ config(indexes=[{'columns': ['customer_key', 'event_at']}]) }}
{%- set told = [
    'customer_key', 'event_at', 'event_date', 'has_time_of_day', 'touchpoint', 'campaign_id',
    'content_key', 'product_id', 'store_id', 'value_amount', 'currency', 'message_id', 'link_id',
    'voucher_id', 'order_id', 'identifier_key', 'contract', 'source', 'source_record',
] %}
{%- set row = [
    'event_id', 'customer_key', 'event_at', 'event_date', 'has_time_of_day', 'channel',
    'touchpoint', 'direction', 'event_type', 'campaign_id', 'content_key', 'product_id',
    'store_id', 'value_amount', 'currency', 'identifier_key', 'contract', 'source',
    'source_record', 'engagement', 'journey_stage', 'message_id', 'link_id', 'voucher_id',
    'order_id',
] %}
with touches as (
    select
        {{ told | join(',\n        ') }},
        channel,
        event_type
    from {{ ref('int_event__owned') }}
),

kinds as (
    {{ brand_rows(ref('event_types'), key=['event_type', 'sdk_name']) }}
),

meanings as (
    select
        event_type,
        coalesce('sdk/' || sdk_name, event_type) as told_as,
        direction,
        engagement,
        journey_stage
    from kinds
),

channels as (
    select
        channel,
        channel_family
    from {{ ref('dim_channel') }}
),

channel_names as (
    {{ brand_rows(ref('channel_names'), key=['told']) }}
),

spellings as (
    select
        channels.channel as told,
        channels.channel,
        channels.channel_family
    from channels
    union all
    select
        channel_names.told,
        channels.channel,
        channels.channel_family
    from channel_names
    inner join channels on channels.channel = channel_names.channel
    left join channels as listed on listed.channel = channel_names.told
    where listed.channel is null
),

described as (
    select
        {{ stable_hash(['touches.contract', 'touches.source', 'touches.source_record']) }}
            as event_id,
        touches.{{ told | join(',\n        touches.') }},
        coalesce(spellings.channel, 'unknown') as channel,
        coalesce(meanings.event_type, 'other_action') as event_type,
        coalesce(meanings.direction, 'inbound') as direction,
        coalesce(meanings.engagement, 'interacted') as engagement,
        meanings.journey_stage,
        case
            when
                coalesce(meanings.direction, 'inbound') = 'inbound'
                and touches.has_time_of_day
                and touches.customer_key <> {{ unidentified() }}
                then coalesce(spellings.channel_family, 'unknown')
        end as session_family
    from touches
    left join meanings on meanings.told_as = touches.event_type
    left join spellings on spellings.told = touches.channel
),

compared as (
    select
        {{ row | join(',\n        ') }},
        session_family,
        lag(event_at) over (
            partition by customer_key, session_family
            order by event_at, event_id
        ) as event_before_at
    from described
),

numbered as (
    select
        {{ row | join(',\n        ') }},
        session_family,
        sum(
            case
                when
                    event_before_at is null
                    or {{ add_seconds('event_before_at', '60 * ' ~ var('session_gap_minutes')) }}
                    < event_at
                    then 1
                else 0
            end
        ) over (
            partition by customer_key, session_family
            order by event_at, event_id
            rows between unbounded preceding and current row
        ) as session_number
    from compared
),

final as (
    select
        {{ row | join(',\n        ') }},
        case
            when session_family is not null
                then first_value(event_id) over (
                    partition by customer_key, session_family, session_number
                    order by event_at, event_id
                )
        end as session_id
    from numbered
)

select * from final
order by customer_key, event_at, event_id
