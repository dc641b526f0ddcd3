-- grain: one row per identifier of a raw component that breaks a unique rule
-- Links are added in their order; one that would give a customer two values of a unique namespace
-- is left out.
{{ config(materialized='solved', solver='solve_constrained_forest') }}
with contested_links as (
    select
        position,
        left_key,
        right_key,
        left_unique_namespace,
        right_unique_namespace
    from {{ ref('int_identity__contested_link') }}
),

final as (
    select
        position,
        left_key,
        right_key,
        left_unique_namespace,
        right_unique_namespace
    from contested_links
)

select * from final
