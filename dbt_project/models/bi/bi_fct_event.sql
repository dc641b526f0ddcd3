-- grain: one row per touch between a customer and the brand
{{ config(alias='fct_event') }}
with events as (
    select
        event_id,
        customer_key,
        event_at,
        event_date,
        has_time_of_day,
        channel,
        touchpoint,
        direction,
        event_type,
        campaign_id,
        content_key,
        product_id,
        store_id,
        value_amount,
        currency,
        contract,
        source,
        engagement,
        journey_stage,
        message_id,
        link_id,
        voucher_id,
        order_id,
        session_id
    from {{ ref('fct_event') }}
),

final as (
    select * from events
)

select * from final
