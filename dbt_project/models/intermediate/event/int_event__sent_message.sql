-- grain: one row per customer, channel and message that went out to them
-- Sending and delivery of a message are one message, told by its first touch; the campaign and the
-- voucher are those that any of its touches names. An ad or a post that was seen is no message.
{{ config(materialized='table') }}
with steps as (
    select
        customer_key,
        channel,
        coalesce(message_id, event_id) as message_name,
        event_id,
        event_at,
        campaign_id,
        voucher_id
    from {{ ref('fct_event') }}
    where
        customer_key <> {{ unidentified() }}
        and direction = 'outbound'
        and (event_type = 'message_sent' or engagement = 'reached')
        and event_type not in ('ad_exposed', 'post_exposed')
),

numbered as (
    select
        customer_key,
        channel,
        message_name,
        event_id,
        event_at,
        max(campaign_id) over told as campaign_id,
        max(voucher_id) over told as voucher_id,
        row_number() over (
            partition by customer_key, channel, message_name
            order by event_at, event_id
        ) as step_number
    from steps
    window told as (partition by customer_key, channel, message_name)
),

final as (
    select
        customer_key,
        channel,
        message_name,
        event_id,
        event_at,
        campaign_id,
        voucher_id
    from numbered
    where step_number = 1
)

select * from final
