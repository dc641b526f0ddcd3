-- grain: one row per promotion that has begun
{{ config(alias='promotion_effect') }}
with told as (
    select
        promotion_key,
        promotion_type,
        promotion_id,
        promotion_name,
        mechanism,
        channel,
        category,
        start_date,
        end_date,
        product_count,
        comparison_unit,
        exposed_count,
        measured_count,
        comparison_count,
        baseline_week_count,
        redemption_count,
        redeemer_count,
        redemption_rate,
        sales_amount,
        discount_amount,
        usual_sales_amount,
        measured_sales_amount,
        incremental_sales_amount,
        incremental_sales_low_amount,
        incremental_sales_high_amount,
        incremental_margin_amount,
        incremental_margin_low_amount,
        incremental_margin_high_amount,
        cannibalisation_amount,
        cannibalisation_low_amount,
        cannibalisation_high_amount,
        pull_forward_amount,
        pull_forward_low_amount,
        pull_forward_high_amount,
        net_sales_amount,
        net_sales_low_amount,
        net_sales_high_amount,
        net_margin_amount,
        net_margin_low_amount,
        net_margin_high_amount,
        reason,
        margin_reason,
        cannibalisation_reason,
        pull_forward_reason,
        net_reason,
        currency,
        as_of_date
    from {{ ref('mart_promotion__effect') }}
),

final as (
    select * from told
)

select * from final
