-- grain: one row per customer who bought
-- Recency, frequency, money, their scores and the segment as of the clock.
with scores as (
    select
        customer_key,
        measured_date as as_of_date,
        last_order_date,
        recency_days,
        order_count,
        net_sales_amount,
        recency_score,
        frequency_score,
        monetary_score,
        segment
    from {{ ref('ftr_customer__rfm_score') }}
    where is_as_of
),

final as (
    select * from scores
)

select * from final
