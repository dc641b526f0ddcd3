-- grain: one row per cohort month, purchase number and window
{{ config(alias='programme_second_purchase') }}
with told as (
    select
        cohort_month_date,
        purchase_number,
        window_days,
        customer_count,
        bought_count,
        converted_count,
        matured_count,
        matured_converted_count,
        conversion_rate,
        median_step_days,
        as_of_date
    from {{ ref('mart_programme__second_purchase') }}
),

final as (
    select * from told
)

select * from final
