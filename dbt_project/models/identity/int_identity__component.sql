-- grain: one row per usable strong identifier, with the least key it is linked to by any path
-- Raw components: what the links alone say, before any rule about who may not be one.
{{ config(materialized='solved', solver='solve_components') }}
with links as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__link') }}
    where is_usable
),

identifiers as (
    select identifier_key
    from {{ ref('int_identity__identifier') }}
    where is_usable and is_strong
),

final as (
    select
        left_key,
        right_key
    from links
    union all
    select
        identifier_key as left_key,
        identifier_key as right_key
    from identifiers
)

select * from final
