{#- Aggregates that engines spell differently. -#}

{#- The exact median, between the two middle values where their number is even. -#}
{% macro median(expression) %}
    {{ return(adapter.dispatch('median', 'touchstream')(expression)) }}
{% endmacro %}

{% macro default__median(expression) %}
    {{ return('percentile_cont(0.5) within group (order by ' ~ expression ~ ')') }}
{% endmacro %}

{% macro spark__median(expression) %}
    {{ return('percentile(' ~ expression ~ ', 0.5)') }}
{% endmacro %}


{#- The distinct values of a group as one text, in their order. -#}
{% macro list_text(expression) %}
    {{ return(adapter.dispatch('list_text', 'touchstream')(expression)) }}
{% endmacro %}

{% macro default__list_text(expression) %}
    {{ return('string_agg(distinct ' ~ expression ~ ", ' ' order by " ~ expression ~ ')') }}
{% endmacro %}

{% macro spark__list_text(expression) %}
    {{ return("array_join(sort_array(collect_set(" ~ expression ~ ")), ' ')") }}
{% endmacro %}


{#- Keys and values of a group as the text of one JSON object. A key occurs once in a group. -#}
{% macro json_object_text(key, value) %}
    {{ return(adapter.dispatch('json_object_text', 'touchstream')(key, value)) }}
{% endmacro %}

{% macro default__json_object_text(key, value) %}
    {{ return(cast_text('jsonb_object_agg(' ~ key ~ ', ' ~ value ~ ')')) }}
{% endmacro %}

{% macro spark__json_object_text(key, value) %}
    {%- set pairs = 'sort_array(collect_list(struct(' ~ key ~ ', ' ~ value ~ ')))' -%}
    {{ return('to_json(map_from_entries(' ~ pairs ~ '))') }}
{% endmacro %}
