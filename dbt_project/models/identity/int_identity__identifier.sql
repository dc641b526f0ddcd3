-- grain: one row per identifier ever seen
-- Usable identifiers link, found customers and own events. One over its limit (more distinct
-- strong neighbours of one namespace than seeds/identifier_namespaces.csv allows) or of an unlisted
-- namespace does none of that.
with sightings as (
    select
        identifier_key,
        namespace,
        first_at
    from {{ ref('int_identity__sighting') }}
),

evidence as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace
    from {{ ref('int_identity__evidence') }}
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

seen as (
    select
        identifier_key,
        namespace,
        min(first_at) as first_at
    from sightings
    group by identifier_key, namespace
),

neighbours as (
    select
        left_key as identifier_key,
        right_namespace as neighbour_namespace,
        right_key as neighbour_key
    from evidence
    union
    select
        right_key as identifier_key,
        left_namespace as neighbour_namespace,
        left_key as neighbour_key
    from evidence
),

degrees as (
    select
        neighbours.identifier_key,
        neighbours.neighbour_namespace,
        count(*) as neighbour_count
    from neighbours
    inner join namespaces
        on
            namespaces.namespace = neighbours.neighbour_namespace
            and namespaces.is_strong
    group by neighbours.identifier_key, neighbours.neighbour_namespace
),

most_neighbours as (
    select
        identifier_key,
        max(neighbour_count) as neighbour_count
    from degrees
    group by identifier_key
),

judged as (
    select
        seen.identifier_key,
        seen.namespace,
        seen.first_at,
        namespaces.priority,
        coalesce(namespaces.is_unique, false) as is_unique,
        coalesce(most_neighbours.neighbour_count, 0) as neighbour_count,
        case
            when namespaces.namespace is null then 'namespace not listed'
            when not namespaces.is_strong then 'weak: names no person by itself'
            when most_neighbours.neighbour_count > namespaces.maximum_neighbours
                then 'more neighbours than its namespace allows'
        end as unusable_reason
    from seen
    left join namespaces on namespaces.namespace = seen.namespace
    left join most_neighbours on most_neighbours.identifier_key = seen.identifier_key
),

final as (
    select
        identifier_key,
        namespace,
        priority,
        is_unique,
        first_at,
        neighbour_count,
        unusable_reason is null as is_usable,
        unusable_reason
    from judged
)

select * from final
