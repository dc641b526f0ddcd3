-- grain: one row per customer, and one for all that nobody can be named for (is_unidentified)
-- Without traits and tokens of persons.
{{ config(alias='customer_single_view') }}
with customers as (
    select
        customer_key,
        is_unidentified,
        as_of_date,
        order_count,
        sales_amount,
        refund_amount,
        net_sales_amount,
        average_order_amount,
        currency,
        first_order_date,
        last_order_date,
        recency_days,
        purchase_cycle_days,
        cycle_source,
        next_expected_order_date,
        days_overdue,
        is_overdue,
        campaign_received_count,
        voucher_redeemed_count,
        last_event_date,
        identifier_count,
        has_email,
        has_phone,
        has_email_marketing_consent,
        favourite_category,
        favourite_store_id,
        preferred_channel,
        discounted_share,
        remembered_sizes,
        reachable_channels,
        tags,
        has_synthetic_data
    from {{ ref('mart_customer__single_view') }}
),

final as (
    select * from customers
)

select * from final
