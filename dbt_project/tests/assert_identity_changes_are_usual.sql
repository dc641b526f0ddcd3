-- A build that would give an unusual share of the published customers another key, or glue an
-- unbelievable number of identifiers into one, waits for a person: `touchstream identity impact`
-- tells what changes, `touchstream identity approve` lets it pass. A build of a past day publishes
-- nothing, and is not held.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__customer_identifier'}}}) }}
with published as (
    select
        identifier_key,
        customer_key
    from {{ source('ops', 'published_customer') }}
),

identified as (
    select
        identifier_key,
        customer_key,
        is_strong
    from {{ ref('int_identity__customer_identifier') }}
    where is_first and is_usable
),

changes as (
    select
        count(distinct published.customer_key) as customer_count,
        count(distinct case
            when
                identified.customer_key is null
                or identified.customer_key <> published.customer_key
                then published.customer_key
        end) as changed_count
    from published
    left join identified on identified.identifier_key = published.identifier_key
),

sizes as (
    select
        customer_key,
        count(*) as identifier_count
    from identified
    where is_strong
    group by customer_key
),

largest as (
    select coalesce(max(identifier_count), 0) as identifier_count
    from sizes
),

publications as (
    select max(as_of) as newest_as_of
    from {{ source('ops', 'identity_publication') }}
),

approvals as (
    select max(as_of) as newest_as_of
    from {{ source('ops', 'identity_approval') }}
)

select
    changes.customer_count,
    changes.changed_count,
    largest.identifier_count as largest_identifier_count
from changes
cross join largest
cross join publications
cross join approvals
cross join {{ ref('int_time__clock') }} as clock
where
    coalesce(publications.newest_as_of <= clock.as_of_date, true)
    and coalesce(approvals.newest_as_of < clock.as_of_date, true)
    and (
        (
            changes.changed_count > {{ var('identity_unusual_customers') }}
            and changes.changed_count
            > {{ var('identity_unusual_share') }} * changes.customer_count
        )
        or largest.identifier_count > {{ var('identity_largest_customer') }}
    )
