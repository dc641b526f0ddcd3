-- grain: one row per source, campaign and member it was sent to outside the platform
with deliveries as (
    select
        source,
        campaign_id,
        member_id_key,
        channel,
        {{ day_start('delivered_date') }} as delivered_at,
        delivered_date
    from {{ ref('int_campaign__delivery') }}
),

final as (
    {{
        touch(
            'campaign.target', "'message_delivered'", 'channel', "'campaign'", relation='deliveries',
            key="campaign_id || '|' || member_id_key",
            told={
                'event_at': 'delivered_at', 'event_date': 'delivered_date',
                'has_time_of_day': 'false', 'campaign_id': 'campaign_id',
            },
        )
    }}
)

select * from final
