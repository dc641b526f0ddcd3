-- grain: one row per source and refund id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['refund_id'] %}
{{ config(**restated_by_landing('raw_pos__refund', key, dated_by='refunded_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_pos__refund'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('refunded_at') }} as refunded_date
    from records
),

final as (
    select
        _source as source,
        refund_id,
        order_id,
        order_line_id,
        refunded_at,
        refunded_date,
        store_id,
        member_id_key,
        product_id,
        quantity,
        refund_amount,
        currency,
        reason,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('refunded_date') }}
)

select * from final
