-- grain: one row per customer and last day of a month by which they had bought
{{ config(alias='customer_rfm_history') }}
with told as (
    select
        customer_key,
        month_end_date,
        last_order_date,
        recency_days,
        order_count,
        net_sales_amount,
        recency_score,
        frequency_score,
        monetary_score,
        segment,
        segment_label_en,
        segment_label_zh,
        segment_before
    from {{ ref('mart_customer__rfm_history') }}
),

final as (
    select * from told
)

select * from final
