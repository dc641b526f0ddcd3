-- grain: one row per customer and last day of a month by which they had bought
{{ config(alias='customer_vap_history') }}
with told as (
    select
        customer_key,
        month_end_date,
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
        potential_class,
        vap_segment
    from {{ ref('mart_customer__vap_history') }}
),

final as (
    select * from told
)

select * from final
