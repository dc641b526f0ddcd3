-- grain: one row per source, app id, openid, event at, event name, event key and message id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['app_id', 'openid_key', 'event_at', 'event_name', 'event_key', 'message_id'] %}
{{ config(**restated_by_landing('raw_wechat__event', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_wechat__event'), key=key) }}
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
        {{ stable_hash([
            'app_id', 'openid_key', moment_text('event_at'), 'event_name', 'event_key', 'message_id',
        ]) }} as record_key,
        app_id,
        openid_key,
        unionid_key,
        event_at,
        event_date,
        event_name,
        event_key,
        ticket,
        message_id,
        status,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
