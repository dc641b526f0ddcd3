-- grain: one row per weak identifier and moment at which somebody logged out of it
{{ config(**restated_by('int_identity__touched_identifier', ['weak_key'])) }}
with logouts as (
    {%- for record in identity_records() if record.logout_when %}
    {%- set outer = loop %}
    {%- for namespace, column in record.identifiers.items() %}
    select
        {{ column }} as weak_key,
        '{{ namespace }}' as namespace,
        {{ evidence_date(record) }} as logout_date,
        {{ evidence_at(record) }} as logout_at
    from {{ ref(record.model) }}
    where
        {{ column }} is not null
        and {{ record.where }}
        and {{ record.logout_when }}
        and {{ is_touched(column) }}
    {%- if not (outer.last and loop.last) %}

    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

final as (
    select distinct
        logouts.weak_key,
        logouts.logout_date,
        logouts.logout_at
    from logouts
    inner join namespaces on namespaces.namespace = logouts.namespace
    where not namespaces.is_strong
)

select * from final
