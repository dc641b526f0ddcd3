{#-
    A table is restated, not made again, where it stands at an earlier cut (vars standing_as_of and
    standing_known_at): it gives up the rows that something new has a say in, and gets them anew. Whole
    or restated, the tables are the same.

    Here: when that is so, and what lies between the cuts. Not here: which rows a table of identity
    gives up (touched.sql), which a staging table (landed.sql), how few rows of many are found
    (macros/engine/few_rows.sql).
-#}

{#- Whether the tables of this build are restated. Engines without deletion make them whole. -#}
{% macro restates() %}
    {{ return(adapter.dispatch('restates', 'touchstream')()) }}
{% endmacro %}

{% macro default__restates() %}{{ return(false) }}{% endmacro %}

{% macro postgres__restates() %}
    {{ return(var('standing_known_at') != '' and not flags.FULL_REFRESH) }}
{% endmacro %}


{#- As dbt's own, but what is restated is made whole in a build that does not restate. -#}
{% macro should_full_refresh() %}
    {%- if model.config.get('meta', {}).get('touched_by') and not touchstream.restates() -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set wanted = config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if wanted is none else wanted) }}
{% endmacro %}


{#- Whether a moment of landing, or of deciding, lies between the cut that stands and this one. -#}
{% macro known_since(at) %}
    {{ return(at ~ ' > ' ~ moment(var('standing_known_at')) ~ ' and ' ~ known_by_then(at)) }}
{% endmacro %}

{#- Whether a business day does. -#}
{% macro happened_since(day) %}
    {%- if var('standing_as_of') == var('as_of') -%}{{ return('false') }}{%- endif -%}
    {{ return(day ~ " > cast('" ~ var('standing_as_of') ~ "' as date) and " ~ happened_by_then(day)) }}
{% endmacro %}

{#- Whether a moment lies on such a day: the same, for an index on moments. -#}
{% macro happened_at_since(at) %}
    {%- if var('standing_as_of') == var('as_of') -%}{{ return('false') }}{%- endif -%}
    {%- set since = day_start(add_days("cast('" ~ var('standing_as_of') ~ "' as date)", 1)) -%}
    {%- set until = day_start(add_days("cast('" ~ var('as_of') ~ "' as date)", 1)) if var('as_of') -%}
    {{ return(at ~ ' >= ' ~ since ~ (' and ' ~ at ~ ' < ' ~ until if until else '')) }}
{% endmacro %}
