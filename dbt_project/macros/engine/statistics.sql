{#-
    What the planner should know of a table just written, before the next model reads it. Engines
    that need no telling get an empty statement, which dbt leaves out; so does a table of which a few
    rows were restated.
-#}
{% macro gather_statistics() %}
    {{ return(adapter.dispatch('gather_statistics', 'touchstream')()) }}
{% endmacro %}

{% macro default__gather_statistics() %}{{ return('') }}{% endmacro %}

{% macro postgres__gather_statistics() %}
    {{
        return(
            '' if model.config.materialized == 'view' or is_incremental()
            else touchstream.gather_statistics_of(this)
        )
    }}
{% endmacro %}


{#- The same of any table. -#}
{% macro gather_statistics_of(relation) %}
    {{ return(adapter.dispatch('gather_statistics_of', 'touchstream')(relation)) }}
{% endmacro %}

{% macro default__gather_statistics_of(relation) %}{{ return('') }}{% endmacro %}

{% macro postgres__gather_statistics_of(relation) %}
    {{ return('analyze ' ~ relation) }}
{% endmacro %}

{% macro spark__gather_statistics_of(relation) %}
    {{ return('analyze table ' ~ relation ~ ' compute statistics') }}
{% endmacro %}
