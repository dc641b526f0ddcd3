-- grain: one row per customer who bought
-- What a customer is worth as of the clock: RFM and VAP side by side, for audiences and reports.
with recencies as (
    select
        customer_key,
        as_of_date,
        last_order_date,
        recency_days,
        order_count,
        net_sales_amount,
        recency_score,
        frequency_score,
        monetary_score,
        segment
    from {{ ref('ftr_customer__rfm') }}
),

scores as (
    select
        customer_key,
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
        value_class || '_' || attrition_class || '_' || potential_class as vap_segment
    from {{ ref('ftr_customer__vap_score') }}
    where is_as_of
),

segments as (
    {{ brand_rows(ref('rfm_segments'), key=['segment']) }}
),

final as (
    select
        recencies.customer_key,
        recencies.last_order_date,
        recencies.recency_days,
        recencies.order_count,
        recencies.net_sales_amount,
        recencies.recency_score,
        recencies.frequency_score,
        recencies.monetary_score,
        recencies.segment as rfm_segment,
        segments.label_en as rfm_segment_label_en,
        segments.label_zh as rfm_segment_label_zh,
        scores.value_amount,
        scores.cycle_days,
        scores.peer_value_amount,
        scores.growth_factor,
        scores.potential_amount,
        scores.value_score,
        scores.attrition_score,
        scores.potential_score,
        scores.value_class,
        scores.attrition_class,
        scores.potential_class,
        scores.vap_segment,
        '{{ var("currency") }}' as currency,
        recencies.as_of_date
    from recencies
    inner join scores on scores.customer_key = recencies.customer_key
    left join segments on segments.segment = recencies.segment
)

select * from final
