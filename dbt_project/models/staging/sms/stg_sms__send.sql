-- grain: one row per source, message id and phone
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['message_id', 'phone_key'] %}
{{ config(**restated_by_landing('raw_sms__send', key, dated_by='sent_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_sms__send'), key=key) }}
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
        message_id,
        out_id,
        phone_key,
        sent_at,
        sent_date,
        signature,
        template_id,
        campaign_id,
        content_key,
        purpose,
        segment_count,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('sent_date') }}
)

select * from final
