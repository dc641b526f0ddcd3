-- grain: one row per source and message id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['message_id'] %}
{{ config(**restated_by_landing('raw_service__message', key, dated_by='received_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_service__message'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('received_at') }} as received_date
    from records
),

final as (
    select
        _source as source,
        message_id,
        channel,
        received_at,
        received_date,
        first_reply_at,
        case_id,
        member_id_key,
        phone_key,
        email_key,
        text_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('received_date') }}
)

select * from final
