-- grain: one row per identifier whose raw component is solved again
-- One that a component is linked to that is taken apart now may be joined to it, and stays whole:
-- `kept_component_key`. Empty where identity is made whole.
with dissolved as (
    select identifier_key
    from {{ ref('int_identity__dissolved_identifier') }}
),
{%- if restates() or not execute %}

met as (
    select links.right_key as identifier_key
    from {{ ref('int_identity__link') }} as links
    inner join dissolved on dissolved.identifier_key = links.left_key
    where links.is_usable
    union
    select links.left_key as identifier_key
    from {{ ref('int_identity__link') }} as links
    inner join dissolved on dissolved.identifier_key = links.right_key
    where links.is_usable
),

kept_components as (
    select distinct standing.component_key
    from {{ standing('int_identity__component') }} as standing
    inner join met on met.identifier_key = standing.identifier_key
    left join dissolved on dissolved.identifier_key = met.identifier_key
    where dissolved.identifier_key is null
),

final as (
    select
        identifier_key,
        cast(null as {{ type_text() }}) as kept_component_key
    from dissolved
    union all
    select
        standing.identifier_key,
        standing.component_key as kept_component_key
    from {{ standing('int_identity__component') }} as standing
    inner join kept_components on kept_components.component_key = standing.component_key
)
{%- else %}

final as (
    select
        identifier_key,
        cast(null as {{ type_text() }}) as kept_component_key
    from dissolved
)
{%- endif %}

select * from final
