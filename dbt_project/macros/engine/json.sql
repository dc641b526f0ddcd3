{#- Columns of one row as the text of a JSON object: what a message says about its reader. -#}
{% macro json_text(columns) %}{{ return(adapter.dispatch('json_text', 'touchstream')(columns)) }}{% endmacro %}

{% macro default__json_text(columns) %}
    {{ return(cast_text('jsonb_build_object(' ~ touchstream.names_and_values(columns) ~ ')')) }}
{% endmacro %}

{% macro spark__json_text(columns) %}
    {%- set object = 'named_struct(' ~ touchstream.names_and_values(columns) ~ ')' -%}
    {{ return('to_json(' ~ object ~ ", map('ignoreNullFields', 'false'))") }}
{% endmacro %}

{% macro names_and_values(columns) %}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("'" ~ column ~ "', " ~ column) -%}
    {%- endfor -%}
    {{ return(parts | join(', ')) }}
{% endmacro %}
