-- grain: one row per source and campaign
with records as (
    {{ latest_records(source('raw', 'raw_campaign__campaign'), key=['campaign_id']) }}
),

final as (
    select
        _source as source,
        campaign_id,
        campaign_name,
        campaign_type,
        channel,
        starts_on as start_date,
        ends_on as end_date,
        _loaded_at as loaded_at
    from records
)

select * from final
