{#-
    Named queries of one kind of record: `<name>_unit`, where a version was landed or a day has come
    since the cut, and `<name>`, what all versions of those units ever named: identifier_key,
    namespace, rule. A unit is a record, or all records that have a say in one piece of evidence.
-#}
{% macro newly_told(record, name) %}
    {%- set parts = [] -%}
    {%- for part in record.unit -%}{%- do parts.append('unit_' ~ loop.index) -%}{%- endfor -%}
    {%- set named = columns_as(record.unit, parts) -%}
    {%- set columns = record.identifiers.values() | join(', ') -%}
    {%- set is_later = var('standing_as_of') != var('as_of') or not execute -%}
    {{ name }}_unit as (
        {%- for raw in [record.raw] + record.told_with %}
        select {{ named }}
        from {{ source('raw', raw) }}
        where {{ known_since('_loaded_at') }}
        {{ 'union' if not loop.last }}
        {%- endfor %}
        {%- for model, day in record.merged_by if is_later %}
        union
        select {{ named }}
        from {{ ref(model) }}
        where {{ happened_since(day) }}
        {%- endfor %}
    ),

    {{ name }}_version as (
        select {{ columns }}
        from {{ source('raw', record.raw) }}
        where
            ({{ record.unit | join(', ') }}) in (select {{ parts | join(', ') }} from {{ name }}_unit)
            and {{ known_by_then('_loaded_at') }}
        {%- if record.day and not record.merged_by and is_later %}
        union all
        select {{ columns }}
        from {{ ref(record.model) }}
        where {{ happened_since(record.day) }}
        {%- endif %}
    ),

    {{ name }} as (
        {%- for namespace, column in record.identifiers.items() %}
        select {{ column }} as identifier_key, '{{ namespace }}' as namespace, '{{ record.rule }}' as rule
        from {{ name }}_version
        where {{ column }} is not null
        {{ 'union' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- Expressions with the names they get. -#}
{% macro columns_as(expressions, names) %}
    {%- set named = [] -%}
    {%- for expression in expressions -%}
        {%- do named.append(expression ~ ' as ' ~ names[loop.index0]) -%}
    {%- endfor -%}
    {{ return(named | join(', ')) }}
{% endmacro %}
