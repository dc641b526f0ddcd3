-- grain: one row per identified customer
-- How a customer can be reached, and whether they said yes. Consent is stated per identifier; over
-- a customer's identifiers the most restrictive statement in force holds.
with identifiers as (
    select
        customer_key,
        identifier_key,
        namespace,
        is_held
    from {{ ref('bridge_customer_identifier') }}
    where is_current and is_usable
),

consents as (
    select
        identifier_key,
        is_granted
    from {{ ref('fct_consent_interval') }}
    where channel = 'email' and purpose = 'marketing' and valid_to is null
),

reachable as (
    select
        customer_key,
        count(*) as identifier_count,
        max(case when namespace = 'email' and is_held then 1 else 0 end) = 1 as has_email,
        max(case when namespace = 'phone' and is_held then 1 else 0 end) = 1 as has_phone
    from identifiers
    group by customer_key
),

consented as (
    select
        identifiers.customer_key,
        min(case when consents.is_granted then 1 else 0 end) = 1 as has_email_marketing_consent
    from consents
    inner join identifiers on identifiers.identifier_key = consents.identifier_key
    group by identifiers.customer_key
),

reached as (
    select
        customer_key,
        {{ list_text('channel') }} as reachable_channels
    from {{ ref('ftr_customer__channel') }}
    where is_reachable
    group by customer_key
),

final as (
    select
        reachable.customer_key,
        reachable.identifier_count,
        reachable.has_email,
        reachable.has_phone,
        coalesce(consented.has_email_marketing_consent, false) as has_email_marketing_consent,
        reached.reachable_channels
    from reachable
    left join consented on consented.customer_key = reachable.customer_key
    left join reached on reached.customer_key = reachable.customer_key
)

select * from final
