-- grain: one row per source, campaign and member
-- What was sent to whom outside the platform, on its day. A campaign's first day stands in for an
-- unknown one.
with targets as (
    select
        source,
        campaign_id,
        member_id_key,
        delivered_date
    from {{ ref('stg_campaign__target') }}
),

campaigns as (
    select
        campaign_id,
        channel,
        start_date
    from {{ ref('int_campaign__campaign') }}
),

dated as (
    select
        targets.source,
        targets.campaign_id,
        targets.member_id_key,
        coalesce(campaigns.channel, 'unknown') as channel,
        coalesce(
            targets.delivered_date, campaigns.start_date, {{ undated_date() }}
        ) as delivered_date
    from targets
    left join campaigns on campaigns.campaign_id = targets.campaign_id
),

final as (
    select
        source,
        campaign_id,
        member_id_key,
        channel,
        delivered_date
    from dated
    where {{ happened_by_then('delivered_date') }}
)

select * from final
