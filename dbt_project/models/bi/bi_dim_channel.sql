-- grain: one row per channel of seeds/channels.csv, or used by a campaign without being there
{{ config(alias='dim_channel') }}
with channels as (
    select
        channel,
        channel_name,
        is_owned,
        is_offline,
        can_message,
        is_listed,
        channel_family
    from {{ ref('dim_channel') }}
),

final as (
    select * from channels
)

select * from final
