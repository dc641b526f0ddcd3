-- At any moment one thing is said per identifier, channel and purpose; and every statement is in
-- force somewhere.
{{ config(meta={'dagster': {'ref': {'name': 'fct_consent_interval'}}}) }}
with intervals as (
    select
        identifier_key,
        channel,
        purpose,
        valid_from,
        valid_to,
        lead(valid_from) over (
            partition by identifier_key, channel, purpose
            order by valid_from
        ) as next_valid_from
    from {{ ref('fct_consent_interval') }}
)

select identifier_key
from intervals
where valid_to <= valid_from or valid_to is distinct from next_valid_from

union all

select statements.identifier_key
from {{ ref('int_consent__statement') }} as statements
left join intervals on intervals.identifier_key = statements.identifier_key
where intervals.identifier_key is null
