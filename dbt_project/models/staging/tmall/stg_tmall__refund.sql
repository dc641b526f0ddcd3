-- grain: one row per source and refund id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['refund_id'] %}
{{ config(**restated_by_landing('raw_tmall__refund', key, dated_by='requested_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__refund'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('requested_at') }} as requested_date
    from records
),

final as (
    select
        _source as source,
        refund_id,
        order_id,
        order_line_id,
        refund_amount,
        currency,
        refund_status,
        reason,
        requested_at,
        requested_date,
        refunded_at,
        has_returned_goods,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('requested_date') }}
)

select * from final
