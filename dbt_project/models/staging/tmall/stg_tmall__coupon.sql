-- grain: one row per source and coupon id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['coupon_id'] %}
{{ config(**restated_by_landing('raw_tmall__coupon', key, dated_by='issued_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__coupon'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('issued_at') }} as issued_date
    from records
),

final as (
    select
        _source as source,
        coupon_id,
        template_id,
        shop_id,
        ouid_key,
        omid_key,
        issued_at,
        issued_date,
        expires_at,
        used_at,
        order_id,
        discount_amount,
        threshold_amount,
        campaign_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('issued_date') }}
)

select * from final
