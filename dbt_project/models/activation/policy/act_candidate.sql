-- grain: one row per campaign, customer and occasion
-- Whoever any campaign of this brand would write to. The union is made from the campaigns' files by
-- `python -m orchestration.activation.campaigns`: a new campaign is one SQL file and one YAML.
with candidates as (
    -- generated from campaigns/*.yml: begin
    select
        {{ cast_text("'win_back'") }} as campaign_id,
        customer_key,
        occasion_key,
        {{ json_text([
            'last_order_date',
            'days_since_last_order',
            'purchase_cycle_days',
        ]) }} as payload
    from {{ ref('win_back') }}
-- generated from campaigns/*.yml: end
),

campaigns as (
    select distinct campaign_id
    from {{ ref('act_campaign_channel') }}
),

final as (
    select
        candidates.campaign_id,
        candidates.customer_key,
        candidates.occasion_key,
        candidates.payload
    from candidates
    inner join campaigns on campaigns.campaign_id = candidates.campaign_id
)

select * from final
