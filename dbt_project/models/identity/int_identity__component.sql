-- grain: one row per usable strong identifier, with the least key it is linked to by any path
-- Raw components: what the links alone say, before any rule about who may not be one. Restated, a
-- component that stays as it is but may be joined goes in as a star around its key, and is not
-- taken apart: its links are not read again.
{{ config(
    materialized='solved',
    solver='solve_components',
    meta=replaced_by(
        'int_identity__regrouped_identifier', ['identifier_key'], found_by=['component_key']
    )
) }}
with identifiers as (
    select identifier_key
    from {{ ref('int_identity__identifier') }}
    where is_usable and is_strong
),
{%- if is_incremental() or not execute %}

regrouped as (
    select
        identifier_key,
        kept_component_key
    from {{ ref('int_identity__regrouped_identifier') }}
),

dissolved as (
    select identifier_key
    from {{ ref('int_identity__dissolved_identifier') }}
),

final as (
    select
        links.left_key,
        links.right_key
    from {{ ref('int_identity__link') }} as links
    inner join dissolved on dissolved.identifier_key = links.left_key
    where links.is_usable
    union all
    select
        links.left_key,
        links.right_key
    from {{ ref('int_identity__link') }} as links
    inner join dissolved on dissolved.identifier_key = links.right_key
    where links.is_usable
    union all
    select
        kept_component_key as left_key,
        identifier_key as right_key
    from regrouped
    where kept_component_key is not null
    union all
    select
        identifiers.identifier_key as left_key,
        identifiers.identifier_key as right_key
    from identifiers
    inner join dissolved on dissolved.identifier_key = identifiers.identifier_key
)
{%- else %}

final as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__link') }}
    where is_usable
    union all
    select
        identifier_key as left_key,
        identifier_key as right_key
    from identifiers
)
{%- endif %}

select * from final
