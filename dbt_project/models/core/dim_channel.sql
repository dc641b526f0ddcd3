-- grain: one row per channel of seeds/channels.csv, or used by a campaign without being there
-- (is_listed)
with channels as (
    {{ brand_rows(ref('channels'), key=['channel']) }}
),

campaigns as (
    select distinct channel
    from {{ ref('int_campaign__campaign') }}
),

referred as (
    select channel from channels
    union
    select channel from campaigns
),

final as (
    select
        referred.channel,
        channels.channel_name,
        channels.is_owned,
        channels.is_offline,
        coalesce(channels.can_message, false) as can_message,
        channels.channel is not null as is_listed,
        coalesce(channels.channel_family, referred.channel) as channel_family
    from referred
    left join channels on channels.channel = referred.channel
)

select * from final
