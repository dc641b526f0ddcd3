-- grain: one row per source, order id and order line id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['order_id', 'order_line_id'] %}
{{ config(**restated_by_landing('raw_pos__order_line', key, dated_by='ordered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_pos__order_line'), key=key) }}
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
        {{ stable_hash(key) }} as record_key,
        order_id,
        order_line_id,
        ordered_at,
        order_date,
        store_id,
        member_id_key,
        card_id_key,
        product_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_amount,
        currency,
        staff_id,
        voucher_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('order_date') }}
)

select * from final
