{#-
    Identity is restated, not made again, where its tables stand at an earlier cut (vars identity_as_of
    and identity_known_at): each table gives up the rows of identifiers that something new was heard
    of, and gets them anew. Whole or restated, the tables are the same.

    Here: when that is so, the strategy that replaces the rows, and what is new. Not here: who is
    touched by it in turn (models/identity/).
-#}

{#- Whether the tables of this build are restated. Engines without deletion make them whole. -#}
{% macro restates() %}
    {{ return(adapter.dispatch('restates', 'touchstream')()) }}
{% endmacro %}

{% macro default__restates() %}{{ return(false) }}{% endmacro %}

{% macro postgres__restates() %}
    {{ return(var('identity_known_at') != '' and not flags.FULL_REFRESH) }}
{% endmacro %}


{#- As dbt's own, but what is restated is made whole in a build that does not restate. -#}
{% macro should_full_refresh() %}
    {%- if model.config.get('meta', {}).get('touched_by') and not touchstream.restates() -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set wanted = config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if wanted is none else wanted) }}
{% endmacro %}


{#- The config of a table that is restated. -#}
{% macro restated_by(touched_by, columns) %}
    {{
        return({
            'materialized': 'incremental',
            'incremental_strategy': 'touched',
            'on_schema_change': 'fail',
            'meta': replaced_by(touched_by, columns),
        })
    }}
{% endmacro %}

{% macro replaced_by(model, columns) %}
    {{ return({'touched_by': model, 'touched_columns': columns}) }}
{% endmacro %}


{#-
    The strategy `touched`: rows whose `touched_columns` all lie in the identifiers of `touched_by`
    (both in the model's meta) give way to those of the model's query.
-#}
{% macro get_incremental_touched_sql(arguments) %}
    {{ touchstream.delete_touched(arguments['target_relation']) }};
    {{ get_insert_into_sql(
        arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
    ) }}
{% endmacro %}

{% macro delete_touched(relation) %}
    {%- set meta = config.require('meta') -%}
    delete from {{ relation }}
    where
        {%- for column in meta['touched_columns'] %}
        {{ 'and ' if not loop.first }}{{ column }} in (select identifier_key from {{ ref(meta['touched_by']) }})
        {%- endfor %}
{%- endmacro %}


{#-
    A condition that a key is one of `touched_by`; true where the model's table is made whole. A model
    that is a whole table in every build says itself whether to ask (`is_restated`).
-#}
{% macro is_touched(key, touched_by='int_identity__touched_identifier', is_restated=none) %}
    {%- set is_asked = is_incremental() if is_restated is none else is_restated -%}
    {%- set touched = ref(touched_by) if is_asked or not execute else none -%}
    {{- return(key ~ ' in (select identifier_key from ' ~ touched ~ ')' if is_asked else 'true') -}}
{% endmacro %}


{#- A table of identity as the build before left it. Whoever reads it must be upstream of its model. -#}
{% macro standing(name) %}{{ return(this.incorporate(path={'identifier': name})) }}{% endmacro %}


{#- Whether a moment of landing, or of deciding, lies between the cut that stands and this one. -#}
{% macro known_since(at) %}
    {{ return(at ~ ' > ' ~ moment(var('identity_known_at')) ~ ' and ' ~ known_by_then(at)) }}
{% endmacro %}

{#- Whether a business day does. -#}
{% macro happened_since(day) %}
    {%- if var('identity_as_of') == var('as_of') -%}{{ return('false') }}{%- endif -%}
    {{ return(day ~ " > cast('" ~ var('identity_as_of') ~ "' as date) and " ~ happened_by_then(day)) }}
{% endmacro %}


{#-
    Named queries of one kind of record: `<name>_unit`, where a version was landed or a day has come
    since the cut, and `<name>`, what all versions of those units ever named: identifier_key. A unit is
    a record, or all records that have a say in one piece of evidence.
-#}
{% macro newly_told(record, name) %}
    {%- set parts = [] -%}
    {%- for part in record.unit -%}{%- do parts.append('unit_' ~ loop.index) -%}{%- endfor -%}
    {%- set named = columns_as(record.unit, parts) -%}
    {%- set columns = record.identifiers.values() | join(', ') -%}
    {%- set is_later = var('identity_as_of') != var('as_of') or not execute -%}
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
        {%- for column in record.identifiers.values() %}
        select {{ column }} as identifier_key from {{ name }}_version where {{ column }} is not null
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
