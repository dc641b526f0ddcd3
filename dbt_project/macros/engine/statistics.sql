{#-
    What the planner should know of a table just written, before the next model reads it. Engines
    that need no telling get an empty statement, which dbt leaves out.
-#}
{% macro gather_statistics() %}
    {{ return(adapter.dispatch('gather_statistics', 'touchstream')()) }}
{% endmacro %}

{% macro default__gather_statistics() %}{{ return('') }}{% endmacro %}

{% macro postgres__gather_statistics() %}
    {{ return('' if model.config.materialized == 'view' else 'analyze ' ~ this) }}
{% endmacro %}
