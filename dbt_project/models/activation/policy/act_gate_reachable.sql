-- grain: one row per campaign, customer, occasion and channel on which there is an address
-- Which address a message would go to: the one that already has it, else one that was not tried for
-- this occasion, else the newest. An address that was last seen with somebody else is none.
with candidates as (
    select
        campaign_id,
        customer_key,
        occasion_key
    from {{ ref('act_candidate') }}
),

campaign_channels as (
    select
        campaign_id,
        channel
    from {{ ref('act_campaign_channel') }}
),

address_namespaces as (
    {{ brand_rows(ref('channel_addresses'), key=['channel']) }}
),

identifiers as (
    select
        customer_key,
        identifier_key,
        namespace,
        first_at,
        is_held,
        is_usable
    from {{ ref('act_contact_identifier') }}
),

tried as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        channel,
        identifier_key,
        max(case when is_own then 1 else 0 end) as own,
        max(case when is_own then 0 else 1 end) as earlier
    from {{ ref('act_past_message') }}
    group by campaign_id, customer_key, occasion_key, channel, identifier_key
),

addresses as (
    select
        candidates.campaign_id,
        candidates.customer_key,
        candidates.occasion_key,
        campaign_channels.channel,
        identifiers.identifier_key,
        coalesce(tried.own, 0) = 1 as has_own_message,
        coalesce(tried.earlier, 0) = 1 as was_tried,
        row_number() over (
            partition by
                candidates.campaign_id,
                candidates.customer_key,
                candidates.occasion_key,
                campaign_channels.channel
            order by
                coalesce(tried.own, 0) desc,
                coalesce(tried.earlier, 0) asc,
                identifiers.first_at desc,
                identifiers.identifier_key asc
        ) as address_rank
    from candidates
    inner join campaign_channels on campaign_channels.campaign_id = candidates.campaign_id
    inner join address_namespaces on address_namespaces.channel = campaign_channels.channel
    inner join identifiers
        on
            identifiers.customer_key = candidates.customer_key
            and identifiers.namespace = address_namespaces.namespace
    left join tried
        on
            tried.campaign_id = candidates.campaign_id
            and tried.customer_key = candidates.customer_key
            and tried.occasion_key = candidates.occasion_key
            and tried.channel = campaign_channels.channel
            and tried.identifier_key = identifiers.identifier_key
    where (identifiers.is_usable and identifiers.is_held) or tried.own = 1
),

final as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        channel,
        identifier_key,
        has_own_message,
        was_tried
    from addresses
    where address_rank = 1
)

select * from final
