-- grain: one row per customer who bought
{{ config(alias='customer_worth') }}
with told as (
    select
        customer_key,
        last_order_date,
        recency_days,
        order_count,
        net_sales_amount,
        recency_score,
        frequency_score,
        monetary_score,
        rfm_segment,
        rfm_segment_label_en,
        rfm_segment_label_zh,
        value_amount,
        cycle_days,
        peer_value_amount,
        growth_factor,
        potential_amount,
        value_score,
        attrition_score,
        potential_score,
        value_class,
        attrition_class,
        potential_class,
        vap_segment,
        currency,
        as_of_date
    from {{ ref('mart_customer__worth') }}
),

final as (
    select * from told
)

select * from final
