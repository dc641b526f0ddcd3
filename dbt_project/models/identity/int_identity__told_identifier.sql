-- grain: one row per identifier, namespace and kind of record of which something is new
-- New is what came since the cut that identity stands at. Every version of a record counts, so that
-- what an older one named is looked at too. Empty where identity is made whole.
{%- set records = identity_records() %}
{%- if restates() or not execute %}
with {% for record in records %}
{{- newly_told(record, 'told_' ~ loop.index) }},

{% endfor -%}
final as (
    {%- for record in records %}
    select
        identifier_key,
        namespace,
        rule
    from told_{{ loop.index }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)
{%- else %}
with final as (
    select
        cast(null as {{ type_text() }}) as identifier_key,
        cast(null as {{ type_text() }}) as namespace,
        cast(null as {{ type_text() }}) as rule
    where false
)
{%- endif %}

select * from final
