-- grain: one row per identifier, rule and day
-- When each identifier was seen, alone or with others. Records:
-- macros/identity/identity_records.sql.
{{ config(**restated_by('int_identity__told_identifier', ['identifier_key'], by_rule=true)) }}
with sightings as (
    {%- for record in identity_records() %}
    {%- set outer = loop %}
    {%- for namespace, column in record.identifiers.items() %}
    select
        {{ column }} as identifier_key,
        '{{ namespace }}' as namespace,
        '{{ record.rule }}' as rule,
        {{ evidence_date(record) }} as evidence_date,
        {{ evidence_at(record) }} as seen_at
    from {{ ref(record.model) }}
    where
        {{ column }} is not null
        and {{ record.where }}
        and {{ is_told(column, 'rule', record.rule) }}
    {%- if not (outer.last and loop.last) %}

    union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}
),

final as (
    select
        identifier_key,
        namespace,
        rule,
        evidence_date,
        min(seen_at) as first_at
    from sightings
    group by identifier_key, namespace, rule, evidence_date
)

select * from final
