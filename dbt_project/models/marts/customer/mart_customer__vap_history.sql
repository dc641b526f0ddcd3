-- grain: one row per customer and last day of a month by which they had bought
with scores as (
    select
        customer_key,
        measured_date as month_end_date,
        value_amount,
        costed_share,
        recency_days,
        cycle_days,
        peer_value_amount,
        growth_factor,
        potential_amount,
        value_score,
        attrition_score,
        potential_score,
        value_class,
        attrition_class,
        potential_class
    from {{ ref('ftr_customer__vap_score') }}
    where is_month_end
),

final as (
    select
        *,
        value_class || '_' || attrition_class || '_' || potential_class as vap_segment
    from scores
)

select * from final
