-- grain: one row per customer who is known or has an address, and channel that can message
with channels as (
    select
        customer_key,
        channel,
        address_count,
        has_address,
        marketing_consent,
        service_consent,
        survey_consent,
        is_opted_out,
        is_reachable,
        reason
    from {{ ref('ftr_customer__channel') }}
),

final as (
    select * from channels
)

select * from final
