-- grain: one row per source, message id, app instance id, status and event at
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['message_id', 'app_instance_id_key', 'status', 'event_at'] %}
{{ config(**restated_by_landing('raw_app__in_app_receipt', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_app__in_app_receipt'), key=key) }}
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
            'message_id', 'app_instance_id_key', 'status', moment_text('event_at'),
        ]) }} as record_key,
        message_id,
        app_instance_id_key,
        member_id_key,
        status,
        event_at,
        event_date,
        campaign_id,
        content_key,
        screen_name,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
