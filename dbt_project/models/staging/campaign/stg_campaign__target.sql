-- grain: one row per source, campaign and member
with records as (
    {{
        latest_records(
            source('raw', 'raw_campaign__target'), key=['campaign_id', 'member_id_key']
        )
    }}
),

final as (
    select
        _source as source,
        campaign_id,
        member_id_key,
        delivered_on as delivered_date,
        _loaded_at as loaded_at
    from records
)

select * from final
