{#-
    Tables of identity: restated by identifiers that something new was heard of.

    Not here: what is new (macros/identity/newly_told.sql), who is touched by it in turn
    (models/identity/).
-#}

{#-
    The config of a table that is restated: its rows whose `columns` all lie in the identifiers of
    `touched_by`; with `by_rule`, in those told of by the row's own rule. Rows are found by the first
    of the columns and by what `found_by` lists (make_rows_findable).
-#}
{% macro restated_by(touched_by, columns, by_rule=false, found_by=[]) %}
    {{
        return({
            'materialized': 'incremental',
            'incremental_strategy': 'touched',
            'on_schema_change': 'fail',
            'meta': replaced_by(touched_by, columns, by_rule, found_by),
        })
    }}
{% endmacro %}

{% macro replaced_by(model, columns, by_rule=false, found_by=[]) %}
    {{
        return({
            'touched_by': model,
            'touched_columns': columns,
            'touched_by_rule': by_rule,
            'found_by': [columns[0]] + found_by,
        })
    }}
{% endmacro %}


{#-
    The strategy `touched`: the rows that `restated_by` speaks of give way to those of the model's
    query.
-#}
{% macro get_incremental_touched_sql(arguments) %}
    {{ touchstream.make_rows_findable(arguments['target_relation'], config.require('meta')['found_by']) }}
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
        {{ 'and ' if not loop.first }}
        {%- if meta['touched_by_rule'] -%}
        ({{ column }}, rule) in (select identifier_key, rule from {{ ref(meta['touched_by']) }})
        {%- else -%}
        {{ column }} in (select identifier_key from {{ ref(meta['touched_by']) }})
        {%- endif %}
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

{#-
    The same of a part of what is told (int_identity__told_identifier): of the rows where `column` is
    `value`. Where there are none, the records are not gone through to find that none is touched.
-#}
{% macro is_told(key, column, value) %}
    {%- if not is_incremental() and execute -%}{{- return('true') -}}{%- endif -%}
    {%- set part = ' where ' ~ column ~ " = '" ~ value ~ "'" -%}
    {%- set told = 'from ' ~ ref('int_identity__told_identifier') ~ part -%}
    {{- return('exists (select 1 ' ~ told ~ ') and ' ~ key ~ ' in (select identifier_key ' ~ told ~ ')') -}}
{% endmacro %}


{#- A table of identity as the build before left it. Whoever reads it must be upstream of its model. -#}
{% macro standing(name) %}{{ return(this.incorporate(path={'identifier': name})) }}{% endmacro %}
