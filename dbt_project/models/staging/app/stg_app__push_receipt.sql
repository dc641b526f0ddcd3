-- grain: one row per source, message id, app instance id and status
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['message_id', 'app_instance_id_key', 'status'] %}
{{ config(**restated_by_landing('raw_app__push_receipt', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_app__push_receipt'), key=key) }}
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
        message_id,
        app_instance_id_key,
        status,
        event_at,
        event_date,
        campaign_id,
        content_key,
        error_code,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
