-- grain: one row per month from the first purchase to as_of
{{ config(alias='customer_activity_month') }}
with told as (
    select
        month_start_date,
        month_end_date,
        is_complete,
        active_count,
        new_count,
        returning_count,
        resurrected_count,
        customer_count,
        awake_count,
        dormant_count,
        new_net_sales_amount,
        returning_net_sales_amount,
        resurrected_net_sales_amount,
        net_sales_amount,
        currency
    from {{ ref('mart_customer__activity_month') }}
),

final as (
    select * from told
)

select * from final
