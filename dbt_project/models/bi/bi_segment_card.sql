-- grain: one row per scheme and segment that somebody has
{{ config(alias='segment_card') }}
with told as (
    select
        scheme,
        segment,
        label_en,
        label_zh,
        meaning,
        customer_count,
        customer_share,
        net_sales_amount,
        net_sales_share,
        value_amount,
        potential_amount,
        net_sales_per_order_amount,
        mean_recency_days,
        mean_attrition_score,
        needs,
        typical_products,
        channels,
        pain_points,
        currency,
        as_of_date
    from {{ ref('mart_segment__card') }}
),

final as (
    select * from told
)

select * from final
