-- grain: one row per identified customer and product bought
with products as (
    select
        customer_key,
        product_id,
        product_name,
        category,
        package_size,
        first_bought_date,
        last_bought_date,
        last_bought_at,
        purchase_count,
        quantity,
        sales_amount,
        refund_amount,
        net_sales_amount,
        currency,
        last_channel,
        is_last_returned
    from {{ ref('ftr_customer__product') }}
),

final as (
    select * from products
)

select * from final
