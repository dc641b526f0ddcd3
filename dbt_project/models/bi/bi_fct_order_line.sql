-- grain: one row per source, receipt and line
{{ config(alias='fct_order_line') }}
with order_lines as (
    select
        source,
        order_id,
        order_line_id,
        customer_key,
        channel,
        ordered_at,
        order_date,
        store_id,
        product_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_amount,
        currency,
        paid_currency
    from {{ ref('fct_order_line') }}
),

final as (
    select * from order_lines
)

select * from final
