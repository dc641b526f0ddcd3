-- grain: one row per identifier, channel, purpose and first moment of a state of consent
-- `all` is written out: a statement about all channels or purposes is one about each. At the same
-- moment the withdrawal wins. Equal statements in a row are one interval.
with statements as (
    select
        identifier_key,
        channel,
        purpose,
        is_granted,
        changed_at
    from {{ ref('int_consent__statement') }}
),

channels as (
    select channel
    from {{ ref('dim_channel') }}
    where can_message
),

purposes as (
    {{ brand_rows(ref('contact_purposes'), key=['purpose']) }}
),

spelled_out as (
    select
        statements.identifier_key,
        channels.channel,
        purposes.purpose,
        statements.changed_at,
        min(case when statements.is_granted then 1 else 0 end) = 1 as is_granted
    from statements
    inner join channels on statements.channel in (channels.channel, 'all')
    inner join purposes on statements.purpose in (purposes.purpose, 'all')
    group by
        statements.identifier_key, channels.channel, purposes.purpose, statements.changed_at
),

compared as (
    select
        *,
        lag(is_granted) over (
            partition by identifier_key, channel, purpose
            order by changed_at
        ) as was_granted
    from spelled_out
),

final as (
    select
        identifier_key,
        channel,
        purpose,
        is_granted,
        changed_at as valid_from,
        lead(changed_at) over (
            partition by identifier_key, channel, purpose
            order by changed_at
        ) as valid_to
    from compared
    where was_granted is null or was_granted <> is_granted
)

select * from final
