-- grain: one row per customer to whom an identifier belonged that is told anew
-- As the build before left it. Empty where identity is made whole.
with restated as (
    select identifier_key
    from {{ ref('int_identity__restated_identifier') }}
),
{%- if restates() or not execute %}

final as (
    select distinct standing.customer_key
    from {{ standing('int_identity__customer_identifier') }} as standing
    inner join restated on restated.identifier_key = standing.identifier_key
)
{%- else %}

final as (
    select restated.identifier_key as customer_key
    from restated
    where false
)
{%- endif %}

select * from final
