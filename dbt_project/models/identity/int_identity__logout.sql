-- grain: one row per weak identifier and moment at which somebody logged out of it
{{ config(**restated_by('int_identity__told_identifier', ['weak_key'])) }}
with namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

logouts as (
    {%- for record in identity_records() if record.logout_when %}
    {%- set outer = loop %}
    {%- for namespace, column in record.identifiers.items() %}
    select
        {{ column }} as weak_key,
        {{ evidence_date(record) }} as logout_date,
        {{ evidence_at(record) }} as logout_at
    from {{ ref(record.model) }}
    where
        {{ column }} is not null
        and {{ record.where }}
        and {{ record.logout_when }}
        and not {{ is_strong(namespace) }}
        and {{ is_told(column, 'namespace', namespace) }}
    {%- if not (outer.last and loop.last) %}

    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

final as (
    select distinct
        weak_key,
        logout_date,
        logout_at
    from logouts
)

select * from final
