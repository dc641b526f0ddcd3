-- grain: one row per identifier whose raw component is solved again
-- The component of a touched identifier is taken apart, whatever is new of it: links may be gone,
-- and order and founder may have changed. One that a taken apart component is linked to now may be
-- joined to it, and stays whole: `kept_component_key`. Empty where identity is made whole.
with touched as (
    select identifier_key
    from {{ ref('int_identity__touched_identifier') }}
),
{%- if restates() or not execute %}

dissolved_components as (
    select distinct standing.component_key
    from {{ standing('int_identity__component') }} as standing
    inner join touched on touched.identifier_key = standing.identifier_key
),

dissolved as (
    select standing.identifier_key
    from {{ standing('int_identity__component') }} as standing
    inner join dissolved_components
        on dissolved_components.component_key = standing.component_key
    union
    select identifier_key from touched
),

links as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__link') }}
    where
        is_usable
        and (
            left_key in (select dissolved.identifier_key from dissolved)
            or right_key in (select dissolved.identifier_key from dissolved)
        )
),

met as (
    select left_key as identifier_key from links
    union
    select right_key as identifier_key from links
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
    from touched
    where false
)
{%- endif %}

select * from final
