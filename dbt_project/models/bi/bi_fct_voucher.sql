-- grain: one row per voucher redeemed by a member in one campaign on one day (and source)
{{ config(alias='fct_voucher') }}
with vouchers as (
    select
        source,
        voucher_id,
        campaign_id,
        customer_key,
        redeemed_date,
        order_id,
        campaign_start_date,
        campaign_end_date,
        delivered_date,
        offered_product_count,
        is_offered,
        is_targeted,
        is_within_campaign
    from {{ ref('fct_voucher') }}
),

final as (
    select * from vouchers
)

select * from final
