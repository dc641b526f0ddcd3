-- grain: one row per identifier ever seen
-- Usable identifiers link, found customers and own events. One that is blocked, over its limit
-- (more distinct strong neighbours of one namespace than seeds/identifier_namespaces.csv allows)
-- or of an unlisted namespace does none of that. A person's release outweighs the limit, not the
-- block. Of a weak identifier only the block is judged here: its limit counts customers
-- (int_identity__weak_identifier).
{{ config(**restated_by(
    'int_identity__touched_identifier',
    ['identifier_key'],
    found_by=[
        '(identifier_key) where not is_usable',
        '(identifier_key) where block_reason is not null',
    ]
)) }}
with sightings as (
    select
        identifier_key,
        namespace,
        first_at
    from {{ ref('int_identity__sighting') }}
    where {{ is_touched('identifier_key') }}
),

blocked as (
    select
        identifier_key,
        reason
    from {{ ref('int_identity__blocked_identifier') }}
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
        right_key as neighbour_key,
        right_namespace as neighbour_namespace,
        released_at
    from {{ ref('int_identity__candidate_link') }}
    where {{ is_touched('left_key') }}
    union all
    select
        right_key as identifier_key,
        left_key as neighbour_key,
        left_namespace as neighbour_namespace,
        released_at
    from {{ ref('int_identity__candidate_link') }}
    where {{ is_touched('right_key') }}
),

degrees as (
    select
        neighbours.identifier_key,
        neighbours.neighbour_namespace,
        count(*) as neighbour_count,
        max(neighbours.released_at) as released_at
    from neighbours
    left join blocked on blocked.identifier_key = neighbours.neighbour_key
    where blocked.identifier_key is null
    group by neighbours.identifier_key, neighbours.neighbour_namespace
),

most_neighbours as (
    select
        identifier_key,
        max(neighbour_count) as neighbour_count,
        max(released_at) as released_at
    from degrees
    group by identifier_key
),

judged as (
    select
        seen.identifier_key,
        seen.namespace,
        seen.first_at,
        namespaces.priority,
        coalesce(namespaces.is_strong, false) as is_strong,
        coalesce(namespaces.is_unique, false) as is_unique,
        coalesce(most_neighbours.neighbour_count, 0) as neighbour_count,
        case
            when namespaces.namespace is null then 'namespace not listed'
            when blocked.identifier_key is not null then blocked.reason
            when
                most_neighbours.neighbour_count > namespaces.maximum_neighbours
                and most_neighbours.released_at is null
                then 'more neighbours than its namespace allows'
        end as unusable_reason,
        blocked.reason as block_reason
    from seen
    left join namespaces on namespaces.namespace = seen.namespace
    left join blocked on blocked.identifier_key = seen.identifier_key
    left join most_neighbours on most_neighbours.identifier_key = seen.identifier_key
),

final as (
    select
        identifier_key,
        namespace,
        is_strong,
        priority,
        is_unique,
        first_at,
        neighbour_count,
        unusable_reason is null as is_usable,
        unusable_reason,
        block_reason
    from judged
)

select * from final
