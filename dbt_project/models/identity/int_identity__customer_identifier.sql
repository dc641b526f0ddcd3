-- grain: one row per identifier ever seen
-- A customer is named by its founding identifier: the earliest seen; ties by namespace priority,
-- then by key.
with identifiers as (
    select
        identifier_key,
        namespace,
        priority,
        first_at,
        is_usable,
        unusable_reason
    from {{ ref('int_identity__identifier') }}
),

components as (
    select
        identifier_key,
        component_key
    from {{ ref('int_identity__component') }}
),

resolutions as (
    select
        identifier_key,
        component_key
    from {{ ref('int_identity__resolution') }}
),

clustered as (
    select
        identifiers.identifier_key,
        identifiers.namespace,
        identifiers.priority,
        identifiers.first_at,
        identifiers.is_usable,
        identifiers.unusable_reason,
        coalesce(resolutions.component_key, components.component_key) as cluster_key
    from identifiers
    left join components on components.identifier_key = identifiers.identifier_key
    left join resolutions on resolutions.identifier_key = identifiers.identifier_key
),

founded as (
    select
        identifier_key,
        namespace,
        first_at,
        is_usable,
        unusable_reason,
        first_value(identifier_key) over (
            partition by cluster_key
            order by first_at, priority, identifier_key
        ) as founding_key
    from clustered
),

final as (
    select
        case when is_usable then founding_key else {{ unidentified() }} end as customer_key,
        identifier_key,
        namespace,
        first_at,
        is_usable,
        unusable_reason
    from founded
)

select * from final
