-- grain: one row per source and shipment id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['shipment_id'] %}
{{ config(**restated_by_landing('raw_shop__shipment', key, dated_by='shipped_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_shop__shipment'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('shipped_at') }} as shipped_date
    from records
),

final as (
    select
        _source as source,
        shipment_id,
        order_id,
        carrier,
        status,
        shipped_at,
        shipped_date,
        promised_at,
        delivered_at,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('shipped_date') }}
)

select * from final
