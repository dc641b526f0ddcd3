{#-
    The two cuts in time that make any past day rebuildable: `as_of` by the day an event happened,
    `known_at` by the moment it was landed. Without the var the cut lets everything through.
-#}

{% macro known_by_then(loaded_at) %}
    {%- if var('known_at') -%}
        {{ return(loaded_at ~ ' <= ' ~ moment(var('known_at'))) }}
    {%- endif -%}
    {{ return('true') }}
{% endmacro %}

{% macro happened_by_then(day) %}
    {%- if var('as_of') -%}
        {{ return(day ~ " <= cast('" ~ var('as_of') ~ "' as date)") }}
    {%- endif -%}
    {{ return('true') }}
{% endmacro %}


{#-
    The last business day that counts: var `as_of`, else the given newest day, else the undated one
    (nothing was landed).
-#}
{% macro as_of_or(newest_day) %}
    {%- if var('as_of') -%}
        {{ return("cast('" ~ var('as_of') ~ "' as date)") }}
    {%- endif -%}
    {{ return('coalesce(' ~ newest_day ~ ', ' ~ undated_date() ~ ')') }}
{% endmacro %}


{#- The business day that stands for "nobody knows when". -#}
{% macro undated_date() %}{{ return("cast('" ~ var('undated_at') ~ "' as date)") }}{% endmacro %}
