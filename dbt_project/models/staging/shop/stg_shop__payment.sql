-- grain: one row per source and payment id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['payment_id'] %}
{{ config(**restated_by_landing('raw_shop__payment', key, dated_by='paid_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_shop__payment'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('paid_at') }} as paid_date
    from records
),

final as (
    select
        _source as source,
        payment_id,
        order_id,
        method,
        status,
        amount,
        currency,
        paid_at,
        paid_date,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('paid_date') }}
)

select * from final
