-- grain: one row per customer and last day of a month by which they had bought
with scores as (
    select
        customer_key,
        measured_date as month_end_date,
        last_order_date,
        recency_days,
        order_count,
        net_sales_amount,
        recency_score,
        frequency_score,
        monetary_score,
        segment
    from {{ ref('ftr_customer__rfm_score') }}
    where is_month_end
),

segments as (
    {{ brand_rows(ref('rfm_segments'), key=['segment']) }}
),

followed as (
    select
        *,
        lag(segment) over (partition by customer_key order by month_end_date) as segment_before
    from scores
),

final as (
    select
        followed.customer_key,
        followed.month_end_date,
        followed.last_order_date,
        followed.recency_days,
        followed.order_count,
        followed.net_sales_amount,
        followed.recency_score,
        followed.frequency_score,
        followed.monetary_score,
        followed.segment,
        segments.label_en as segment_label_en,
        segments.label_zh as segment_label_zh,
        followed.segment_before
    from followed
    left join segments on segments.segment = followed.segment
)

select * from final
