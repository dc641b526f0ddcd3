-- grain: one row per usable strong identifier
-- A customer is named by its founding identifier: the earliest seen; ties by namespace priority,
-- then by key. A strong identifier has one customer for all its history.
{{ config(**restated_by('int_identity__regrouped_identifier', ['identifier_key'])) }}
with identifiers as (
    select
        identifier_key,
        namespace,
        priority,
        first_at
    from {{ ref('int_identity__identifier') }}
    where
        is_usable
        and is_strong
        and {{ is_touched('identifier_key', 'int_identity__regrouped_identifier') }}
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
        components.component_key,
        coalesce(resolutions.component_key, components.component_key) as cluster_key
    from identifiers
    inner join components on components.identifier_key = identifiers.identifier_key
    left join resolutions on resolutions.identifier_key = identifiers.identifier_key
),

final as (
    select
        identifier_key,
        namespace,
        priority,
        first_at,
        component_key,
        first_value(identifier_key) over (
            partition by cluster_key
            order by first_at, priority, identifier_key
        ) as customer_key
    from clustered
)

select * from final
