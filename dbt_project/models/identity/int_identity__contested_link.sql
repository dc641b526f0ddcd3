-- grain: one row per usable link inside a raw component that breaks a unique rule
-- `position` is the strict total order in which the resolution adds them: the better end's
-- priority, the other end's, earlier first seen, the smaller key, the larger key. Never a count:
-- counts change with every batch.
with links as (
    select
        left_key,
        right_key,
        first_at
    from {{ ref('int_identity__link') }}
    where is_usable
),

identifiers as (
    select
        identifier_key,
        namespace,
        priority,
        is_unique
    from {{ ref('int_identity__identifier') }}
    where is_usable
),

components as (
    select
        identifier_key,
        component_key
    from {{ ref('int_identity__component') }}
),

violations as (
    select
        components.component_key,
        identifiers.namespace
    from components
    inner join identifiers on identifiers.identifier_key = components.identifier_key
    where identifiers.is_unique
    group by components.component_key, identifiers.namespace
    having count(*) > 1
),

broken as (
    select distinct component_key from violations
),

ends as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        components.component_key,
        case when left_end.is_unique then left_end.namespace end as left_unique_namespace,
        case when right_end.is_unique then right_end.namespace end as right_unique_namespace,
        least(left_end.priority, right_end.priority) as better_priority,
        greatest(left_end.priority, right_end.priority) as other_priority
    from links
    inner join components on components.identifier_key = links.left_key
    inner join broken on broken.component_key = components.component_key
    inner join identifiers as left_end on left_end.identifier_key = links.left_key
    inner join identifiers as right_end on right_end.identifier_key = links.right_key
),

final as (
    select
        left_key,
        right_key,
        component_key,
        left_unique_namespace,
        right_unique_namespace,
        row_number() over (
            order by better_priority, other_priority, first_at, left_key, right_key
        ) as position
    from ends
)

select * from final
