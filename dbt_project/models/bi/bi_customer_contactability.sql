-- grain: one row per customer who is known or has an address, and channel that can message
{{ config(alias='customer_contactability') }}
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
    from {{ ref('mart_customer__contactability') }}
),

final as (
    select * from channels
)

select * from final
