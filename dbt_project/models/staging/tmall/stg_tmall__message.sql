-- grain: one row per source and message id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['message_id'] %}
{{ config(**restated_by_landing('raw_tmall__message', key, dated_by='sent_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__message'), key=key) }}
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
        message_id,
        shop_id,
        ouid_key,
        omid_key,
        direction,
        sent_at,
        sent_date,
        text_key,
        staff_id,
        order_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('sent_date') }}
)

select * from final
