-- grain: one row per number of channels a customer acted on after the first purchase
{{ config(alias='customer_omni_channel') }}
with told as (
    select
        channel_count,
        is_that_many_or_more,
        customer_count,
        mean_touch_count,
        raw_later_net_sales_amount,
        raw_later_order_count,
        raw_later_touch_count,
        matched_customer_count,
        stratum_count,
        matched_later_net_sales_amount,
        alike_later_net_sales_amount,
        matched_later_order_count,
        alike_later_order_count,
        matched_later_touch_count,
        alike_later_touch_count,
        currency,
        as_of_date
    from {{ ref('mart_customer__omni_channel') }}
),

final as (
    select * from told
)

select * from final
