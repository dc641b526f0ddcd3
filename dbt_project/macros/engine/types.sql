{#-
    Type names that engines spell differently. Not here: decimal(p, s), bigint, integer, boolean and
    date, which are the same everywhere.
-#}

{% macro type_text() %}{{ return(adapter.dispatch('type_text', 'touchstream')()) }}{% endmacro %}

{% macro default__type_text() %}{{ return('text') }}{% endmacro %}

{% macro spark__type_text() %}{{ return('string') }}{% endmacro %}


{#- A moment in UTC. -#}
{% macro type_moment() %}
    {{ return(adapter.dispatch('type_moment', 'touchstream')()) }}
{% endmacro %}

{% macro default__type_moment() %}{{ return('timestamp with time zone') }}{% endmacro %}

{% macro spark__type_moment() %}{{ return('timestamp') }}{% endmacro %}


{% macro cast_text(expression) %}
    {{ return('cast(' ~ expression ~ ' as ' ~ type_text() ~ ')') }}
{% endmacro %}


{#- A moment written as text with its offset. -#}
{% macro moment(text) %}{{ return("cast('" ~ text ~ "' as " ~ type_moment() ~ ")") }}{% endmacro %}
