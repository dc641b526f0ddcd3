-- grain: one row per candidate customer and live message to any of their identifiers, up to as_of
-- Read through identifiers, so that a merge brings both histories along and a split takes them
-- apart. A message of this very day to an address the customer still has (is_own) is what an
-- earlier planning of the same day wrote.
with operations as (
    select
        op_id,
        campaign_id,
        identifier_key,
        channel,
        purpose,
        occasion_key,
        state,
        as_of
    from {{ source('ops', 'operation') }}
    where delivery = 'live' and kind = 'send'
),

operation_identifiers as (
    select
        op_id,
        identifier_key
    from {{ source('ops', 'operation_identifier') }}
),

identifiers as (
    select
        customer_key,
        identifier_key
    from {{ ref('act_contact_identifier') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

concerned as (
    select distinct
        identifiers.customer_key,
        operation_identifiers.op_id
    from identifiers
    inner join operation_identifiers
        on operation_identifiers.identifier_key = identifiers.identifier_key
),

final as (
    select
        concerned.customer_key,
        operations.op_id,
        operations.campaign_id,
        operations.identifier_key,
        operations.channel,
        operations.purpose,
        operations.occasion_key,
        operations.as_of as sent_date,
        operations.as_of = clock.as_of_date and addressed.identifier_key is not null as is_own,
        operations.state in (
            'pending', 'in_flight', 'unknown', 'acked', 'abandoned'
        ) as is_counted
    from concerned
    inner join operations on operations.op_id = concerned.op_id
    inner join clock on clock.as_of_date >= operations.as_of
    left join identifiers as addressed
        on
            addressed.customer_key = concerned.customer_key
            and addressed.identifier_key = operations.identifier_key
)

select * from final
