-- grain: one row per source and chat id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['chat_id'] %}
{{ config(**restated_by_landing('raw_service__chat', key, dated_by='started_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_service__chat'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('started_at') }} as started_date
    from records
),

final as (
    select
        _source as source,
        chat_id,
        channel,
        started_at,
        started_date,
        first_reply_at,
        ended_at,
        message_count,
        is_transferred,
        case_id,
        staff_id,
        rating,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        shop_id,
        ouid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('started_date') }}
)

select * from final
