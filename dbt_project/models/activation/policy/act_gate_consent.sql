-- grain: one row per candidate customer, channel and purpose about which something was said
-- The most restrictive word over all identifiers holds: one that is withdrawn forbids, whatever the
-- others say.
with identifiers as (
    select
        customer_key,
        identifier_key
    from {{ ref('act_contact_identifier') }}
),

consents as (
    select
        identifier_key,
        channel,
        purpose,
        is_granted
    from {{ ref('fct_consent_interval') }}
    where valid_to is null
),

final as (
    select
        identifiers.customer_key,
        consents.channel,
        consents.purpose,
        min(case when consents.is_granted then 1 else 0 end) = 1 as is_granted
    from identifiers
    inner join consents on consents.identifier_key = identifiers.identifier_key
    group by identifiers.customer_key, consents.channel, consents.purpose
)

select * from final
