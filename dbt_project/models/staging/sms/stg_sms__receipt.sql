-- grain: one row per source, message id and phone
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['message_id', 'phone_key'] %}
{{ config(**restated_by_landing('raw_sms__receipt', key, dated_by='reported_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_sms__receipt'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('reported_at') }} as reported_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        message_id,
        out_id,
        phone_key,
        is_delivered,
        sent_at,
        reported_at,
        reported_date,
        error_code,
        error_text,
        segment_count,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('reported_date') }}
)

select * from final
