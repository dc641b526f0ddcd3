-- grain: one row per campaign, customer, occasion and channel the campaign may use
-- The gates in their order, frequency aside: the first that is shut gives the reason; none shut, no
-- reason.
with candidates as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        payload
    from {{ ref('act_candidate') }}
),

campaign_channels as (
    select
        campaign_id,
        channel,
        purpose,
        content_key,
        channel_rank,
        priority,
        valid_for_days
    from {{ ref('act_campaign_channel') }}
),

addresses as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        channel,
        identifier_key,
        has_own_message,
        was_tried
    from {{ ref('act_gate_reachable') }}
),

consents as (
    select
        customer_key,
        channel,
        purpose,
        is_granted
    from {{ ref('act_gate_consent') }}
),

occasions as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        is_used,
        is_cooling_down
    from {{ ref('act_gate_occasion') }}
),

final as (
    select
        candidates.campaign_id,
        candidates.customer_key,
        candidates.occasion_key,
        candidates.payload,
        campaign_channels.channel,
        campaign_channels.purpose,
        campaign_channels.content_key,
        campaign_channels.channel_rank,
        campaign_channels.priority,
        campaign_channels.valid_for_days,
        addresses.identifier_key,
        coalesce(addresses.has_own_message, false) as has_own_message,
        case
            when addresses.identifier_key is null then 'not_reachable'
            when consents.is_granted is null then 'no_consent'
            when not consents.is_granted then 'opted_out'
            when occasions.is_used or addresses.was_tried then 'occasion_used'
            when occasions.is_cooling_down then 'cool_down'
        end as reason
    from candidates
    inner join campaign_channels on campaign_channels.campaign_id = candidates.campaign_id
    inner join occasions
        on
            occasions.campaign_id = candidates.campaign_id
            and occasions.customer_key = candidates.customer_key
            and occasions.occasion_key = candidates.occasion_key
    left join addresses
        on
            addresses.campaign_id = candidates.campaign_id
            and addresses.customer_key = candidates.customer_key
            and addresses.occasion_key = candidates.occasion_key
            and addresses.channel = campaign_channels.channel
    left join consents
        on
            consents.customer_key = candidates.customer_key
            and consents.channel = campaign_channels.channel
            and consents.purpose = campaign_channels.purpose
)

select * from final
