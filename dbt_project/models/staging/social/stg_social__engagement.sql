-- grain: one row per source and engagement id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['engagement_id'] %}
{{ config(**restated_by_landing('raw_social__engagement', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_social__engagement'), key=key) }}
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
        engagement_id,
        platform,
        post_id,
        livestream_id,
        event_type,
        event_at,
        event_date,
        platform_user_id_key,
        device_id_key,
        cookie_id_key,
        unionid_key,
        oaid_key,
        campaign_id,
        content_key,
        product_id,
        landing_url,
        dwell_seconds,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
