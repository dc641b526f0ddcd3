-- grain: one row per campaign, or known from its targets, vouchers or redemptions alone (is_listed)
with campaigns as (
    select
        campaign_id,
        campaign_name,
        campaign_type,
        channel,
        start_date,
        end_date
    from {{ ref('int_campaign__campaign') }}
),

referred as (
    select campaign_id from campaigns
    union
    select campaign_id from {{ ref('int_campaign__delivery') }}
    union
    select campaign_id from {{ ref('stg_voucher__offer') }}
    union
    select campaign_id from {{ ref('stg_voucher__redemption') }}
),

final as (
    select
        referred.campaign_id,
        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.channel,
        campaigns.start_date,
        campaigns.end_date,
        campaigns.campaign_id is not null as is_listed
    from referred
    left join campaigns on campaigns.campaign_id = referred.campaign_id
)

select * from final
