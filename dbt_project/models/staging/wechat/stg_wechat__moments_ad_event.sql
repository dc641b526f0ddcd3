-- grain: one row per source, event id and event type
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['event_id', 'event_type'] %}
{{ config(**restated_by_landing('raw_wechat__moments_ad_event', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_wechat__moments_ad_event'), key=key) }}
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
        {{ stable_hash(key) }} as record_key,
        event_id,
        event_type,
        event_at,
        event_date,
        campaign_id,
        ad_id,
        content_key,
        app_id,
        openid_key,
        unionid_key,
        landing_url,
        dwell_seconds,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
