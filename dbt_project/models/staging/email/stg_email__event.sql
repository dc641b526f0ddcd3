-- grain: one row per source and event id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['event_id'] %}
{{ config(**restated_by_landing('raw_email__event', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_email__event'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('event_at') }} as event_date
    from records
),

final as (
    select
        _source as source,
        event_id,
        message_id,
        email_key,
        event_type,
        event_at,
        event_date,
        url,
        link_id,
        bounce_type,
        reason,
        campaign_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
