-- grain: one row per source, app id and message id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['app_id', 'message_id'] %}
{{ config(**restated_by_landing('raw_wechat__message', key, dated_by='sent_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_wechat__message'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('sent_at') }} as sent_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        app_id,
        openid_key,
        unionid_key,
        message_id,
        direction,
        sent_at,
        sent_date,
        message_type,
        text_key,
        template_id,
        campaign_id,
        content_key,
        staff_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('sent_date') }}
)

select * from final
