-- grain: one row per source, receipt and line
with records as (
    {{ latest_records(source('raw', 'raw_pos__order_line'), key=['order_id', 'order_line_id']) }}
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
        order_line_id,
        ordered_at,
        order_date,
        store_id,
        member_id_key,
        product_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_amount,
        currency,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('order_date') }}
)

select * from final
