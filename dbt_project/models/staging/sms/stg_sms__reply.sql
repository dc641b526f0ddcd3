-- grain: one row per source and reply id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['reply_id'] %}
{{ config(**restated_by_landing('raw_sms__reply', key, dated_by='replied_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_sms__reply'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('replied_at') }} as replied_date
    from records
),

final as (
    select
        _source as source,
        reply_id,
        phone_key,
        replied_at,
        replied_date,
        text_key,
        opt_out_word,
        signature,
        extension,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('replied_date') }}
)

select * from final
