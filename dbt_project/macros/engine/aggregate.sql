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
