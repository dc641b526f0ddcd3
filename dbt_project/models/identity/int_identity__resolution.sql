-- grain: one row per identifier of a raw component that breaks a rule
-- Links are added in their order; one that would give a customer two values of a unique namespace,
-- or join what a person refused, is left out.
{{ config(
    materialized='solved',
    solver='solve_constrained_forest',
    meta=replaced_by('int_identity__regrouped_identifier', ['identifier_key'])
) }}
with contested_links as (
    select
        position,
        left_key,
        right_key,
        left_unique_namespace,
        right_unique_namespace
    from {{ ref('int_identity__contested_link') }}
    where {{ is_touched('left_key', 'int_identity__regrouped_identifier') }}
),

contested as (
    select left_key as identifier_key from contested_links
    union
    select right_key as identifier_key from contested_links
),

refusals as (
    select
        refused.left_key,
        refused.right_key
    from {{ ref('int_identity__refusal') }} as refused
    inner join contested as left_end on left_end.identifier_key = refused.left_key
    inner join contested as right_end on right_end.identifier_key = refused.right_key
),

final as (
    select
        position,
        left_key,
        right_key,
        left_unique_namespace,
        right_unique_namespace
    from contested_links
    union all
    select
        cast(null as bigint) as position,
        left_key,
        right_key,
        cast(null as {{ type_text() }}) as left_unique_namespace,
        cast(null as {{ type_text() }}) as right_unique_namespace
    from refusals
)

select * from final
