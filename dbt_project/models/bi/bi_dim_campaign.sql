-- grain: one row per campaign, or known from its targets, vouchers or redemptions alone (is_listed)
{{ config(alias='dim_campaign') }}
with campaigns as (
    select
        campaign_id,
        campaign_name,
        campaign_type,
        channel,
        start_date,
        end_date,
        is_listed
    from {{ ref('dim_campaign') }}
),

final as (
    select * from campaigns
)

select * from final
