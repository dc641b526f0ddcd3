-- grain: one row per campaign (of several sources the one landed last)
with campaigns as (
    select
        campaign_id,
        campaign_name,
        campaign_type,
        channel,
        start_date,
        end_date,
        row_number() over (
            partition by campaign_id
            order by loaded_at desc, source asc
        ) as source_rank
    from {{ ref('stg_campaign__campaign') }}
),

final as (
    select
        campaign_id,
        campaign_name,
        campaign_type,
        channel,
        start_date,
        end_date
    from campaigns
    where source_rank = 1
)

select * from final
