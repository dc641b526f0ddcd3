-- grain: one row per customer who is known or has an address, and channel that can message
-- Whether a message could go there, and if not, why: the gates of the contact policy before any
-- campaign asks, in the policy's words. Over a customer's identifiers the most restrictive
-- statement in force holds.
{%- set purposes = ['marketing', 'service', 'survey'] %}
with identifiers as (
    select
        customer_key,
        identifier_key,
        namespace,
        is_strong,
        is_held,
        is_usable
    from {{ ref('bridge_customer_identifier') }}
    where is_current and customer_key <> {{ unidentified() }}
),

channels as (
    select channel
    from {{ ref('dim_channel') }}
    where can_message
),

namespaces as (
    {{ brand_rows(ref('channel_addresses'), key=['channel']) }}
),

addresses as (
    select
        identifiers.customer_key,
        channels.channel,
        count(*) as address_count
    from identifiers
    inner join namespaces on namespaces.namespace = identifiers.namespace
    inner join channels on channels.channel = namespaces.channel
    left join {{ ref('int_customer__address_state') }} as states
        on
            states.channel = channels.channel
            and states.identifier_key = identifiers.identifier_key
    where
        identifiers.is_usable
        and identifiers.is_held
        and coalesce(states.is_open, not coalesce(namespaces.needs_opening, false))
    group by identifiers.customer_key, channels.channel
),

customers as (
    select customer_key
    from identifiers
    where is_strong and is_usable
    union
    select customer_key
    from addresses
),

said as (
    select
        identifiers.customer_key,
        consents.channel,
        consents.purpose,
        min(case when consents.is_granted then 1 else 0 end) as granted
    from {{ ref('fct_consent_interval') }} as consents
    inner join identifiers on identifiers.identifier_key = consents.identifier_key
    where consents.valid_to is null
    group by identifiers.customer_key, consents.channel, consents.purpose
),

consented as (
    select
        customer_key,
        channel,
        {%- for purpose in purposes %}
        max(case when purpose = '{{ purpose }}' then granted end) as {{ purpose }}_granted,
        {%- endfor %}
        max(granted) = 0 as is_opted_out
    from said
    group by customer_key, channel
),

final as (
    select
        customers.customer_key,
        channels.channel,
        coalesce(addresses.address_count, 0) as address_count,
        coalesce(addresses.address_count, 0) > 0 as has_address,
        {%- for purpose in purposes %}
        case consented.{{ purpose }}_granted
            when 1 then 'granted'
            when 0 then 'withdrawn'
            else 'never_asked'
        end as {{ purpose }}_consent,
        {%- endfor %}
        coalesce(consented.is_opted_out, false) as is_opted_out,
        coalesce(addresses.address_count > 0 and consented.marketing_granted = 1, false)
            as is_reachable,
        case
            when addresses.address_count is null then 'not_reachable'
            when consented.marketing_granted is null then 'no_consent'
            when consented.marketing_granted = 0 then 'opted_out'
        end as reason
    from customers
    cross join channels
    left join addresses
        on
            addresses.customer_key = customers.customer_key
            and addresses.channel = channels.channel
    left join consented
        on
            consented.customer_key = customers.customer_key
            and consented.channel = channels.channel
)

select * from final
