-- grain: one row per source and order id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['order_id'] %}
{{ config(**restated_by_landing('raw_tmall__order', key, dated_by='ordered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__order'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('ordered_at') }} as order_date
    from records
),

final as (
    select
        _source as source,
        order_id,
        shop_id,
        ouid_key,
        omid_key,
        order_status,
        ordered_at,
        order_date,
        paid_at,
        shipped_at,
        ended_at,
        paid_amount,
        postage_amount,
        discount_amount,
        step_status,
        deposit_amount,
        coupon_id,
        currency,
        recipient_name_masked,
        recipient_phone_masked,
        recipient_province,
        recipient_city,
        link_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('order_date') }}
)

select * from final
