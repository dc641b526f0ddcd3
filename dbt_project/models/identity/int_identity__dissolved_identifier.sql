-- grain: one row per identifier whose raw component is taken apart
-- Whatever is new of a touched identifier, links of its component may be gone, and order and
-- founder may have changed. Empty where identity is made whole.
with touched as (
    select identifier_key
    from {{ ref('int_identity__touched_identifier') }}
),
{%- if restates() or not execute %}

components as (
    select distinct standing.component_key
    from {{ standing('int_identity__component') }} as standing
    inner join touched on touched.identifier_key = standing.identifier_key
),

final as (
    select standing.identifier_key
    from {{ standing('int_identity__component') }} as standing
    inner join components on components.component_key = standing.component_key
    union
    select identifier_key from touched
)
{%- else %}

final as (
    select identifier_key from touched
)
{%- endif %}

select * from final
