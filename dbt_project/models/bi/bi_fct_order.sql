-- grain: one row per source and order (basket)
{{ config(alias='fct_order') }}
with orders as (
    select
        source,
        order_id,
        contract,
        channel,
        customer_key,
        ordered_at,
        order_date,
        store_id,
        line_count,
        item_quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_amount,
        currency,
        customer_order_number,
        is_first_order
    from {{ ref('fct_order') }}
),

final as (
    select * from orders
)

select * from final
