-- grain: one row per usable link inside a raw component that breaks a rule
-- Broken is a component with two values of a unique namespace or with both ends of a refusal.
-- `position` is the strict total order in which the resolution adds a component's links: released
-- ones, the newest decision first; then the better end's priority, the other end's, earlier first
-- seen, the smaller key, the larger key. Never a count: counts change with every batch.
{{ config(**restated_by('int_identity__regrouped_identifier', ['left_key', 'right_key'])) }}
with links as (
    select
        left_key,
        right_key,
        first_at,
        released_at
    from {{ ref('int_identity__link') }}
    where is_usable and {{ is_touched('left_key', 'int_identity__regrouped_identifier') }}
),

components as (
    select
        components.identifier_key,
        components.component_key,
        identifiers.namespace,
        identifiers.priority,
        identifiers.is_unique
    from {{ ref('int_identity__component') }} as components
    inner join {{ ref('int_identity__identifier') }} as identifiers
        on identifiers.identifier_key = components.identifier_key
    where
        {{ is_touched('components.identifier_key', 'int_identity__regrouped_identifier') }}
),

refusals as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__refusal') }}
),

two_values as (
    select
        component_key,
        namespace
    from components
    where is_unique
    group by component_key, namespace
    having count(*) > 1
),

broken as (
    select component_key from two_values
    union
    select left_end.component_key
    from refusals
    inner join components as left_end on left_end.identifier_key = refusals.left_key
    inner join components as right_end
        on
            right_end.identifier_key = refusals.right_key
            and right_end.component_key = left_end.component_key
),

ends as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        links.released_at,
        left_end.component_key,
        case when left_end.is_unique then left_end.namespace end as left_unique_namespace,
        case when right_end.is_unique then right_end.namespace end as right_unique_namespace,
        least(left_end.priority, right_end.priority) as better_priority,
        greatest(left_end.priority, right_end.priority) as other_priority
    from links
    inner join components as left_end on left_end.identifier_key = links.left_key
    inner join broken on broken.component_key = left_end.component_key
    inner join components as right_end on right_end.identifier_key = links.right_key
),

final as (
    select
        left_key,
        right_key,
        component_key,
        left_unique_namespace,
        right_unique_namespace,
        row_number() over (
            partition by component_key
            order by
                case when released_at is null then 1 else 0 end,
                released_at desc,
                better_priority asc,
                other_priority asc,
                first_at asc,
                left_key asc,
                right_key asc
        ) as position
    from ends
)

select * from final
