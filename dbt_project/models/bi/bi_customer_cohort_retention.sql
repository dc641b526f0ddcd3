-- grain: one row per cohort month and month since the first purchase, up to as_of
{{ config(alias='customer_cohort_retention') }}
with told as (
    select
        cohort_month_date,
        months_since_first,
        month_start_date,
        is_complete,
        customer_count,
        active_count,
        retention_rate,
        order_count,
        net_sales_amount,
        net_sales_per_customer_amount,
        currency,
        as_of_date
    from {{ ref('mart_customer__cohort_retention') }}
),

final as (
    select * from told
)

select * from final
