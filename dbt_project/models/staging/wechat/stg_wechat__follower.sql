-- grain: one row per source, app id and openid
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['app_id', 'openid_key'] %}
{{ config(**restated_by_landing('raw_wechat__follower', key, dated_by='subscribed_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_wechat__follower'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('subscribed_at') }} as subscribed_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        app_id,
        openid_key,
        unionid_key,
        is_subscribed,
        subscribed_at,
        subscribed_date,
        subscribe_scene,
        qr_scene,
        language,
        tag_ids,
        fetched_at,
        _loaded_at as loaded_at
    from dated
    where subscribed_date is null or {{ happened_by_then('subscribed_date') }}
)

select * from final
