-- grain: one row per touch of a customer that answered a message
{{ config(alias='fct_response') }}
with responses as (
    select
        event_id,
        message_event_id,
        customer_key,
        event_at,
        event_type,
        channel,
        message_at,
        message_channel,
        campaign_id,
        matched_by,
        strength
    from {{ ref('fct_response') }}
),

final as (
    select * from responses
)

select * from final
