{#-
    Moments, business days and what lies between. A moment is UTC, a business day is a date in the
    brand's zone (var time_zone). Spark sessions run in UTC.
-#}

{#- The business day a moment falls on. -#}
{% macro business_date(at) %}
    {{ return(adapter.dispatch('business_date', 'touchstream')(at)) }}
{% endmacro %}

{% macro default__business_date(at) %}
    {{ return("cast((" ~ at ~ " at time zone '" ~ var('time_zone') ~ "') as date)") }}
{% endmacro %}

{% macro spark__business_date(at) %}
    {{ return("cast(from_utc_timestamp(" ~ at ~ ", '" ~ var('time_zone') ~ "') as date)") }}
{% endmacro %}


{#- The moment a business day begins. -#}
{% macro day_start(day) %}
    {{ return(adapter.dispatch('day_start', 'touchstream')(day)) }}
{% endmacro %}

{% macro default__day_start(day) %}
    {{ return("(cast(" ~ day ~ " as timestamp) at time zone '" ~ var('time_zone') ~ "')") }}
{% endmacro %}

{% macro spark__day_start(day) %}
    {{ return("to_utc_timestamp(cast(" ~ day ~ " as timestamp), '" ~ var('time_zone') ~ "')") }}
{% endmacro %}


{#- `days` whole days (an integer expression, may be negative) after a date. -#}
{% macro add_days(day, days) %}
    {{ return(adapter.dispatch('add_days', 'touchstream')(day, days)) }}
{% endmacro %}

{% macro default__add_days(day, days) %}
    {{ return('(' ~ day ~ ' + cast(' ~ days ~ ' as integer))') }}
{% endmacro %}

{% macro spark__add_days(day, days) %}
    {{ return('date_add(' ~ day ~ ', ' ~ days ~ ')') }}
{% endmacro %}


{#- Whole days from the first date to the second. -#}
{% macro days_between(first_day, second_day) %}
    {{ return(adapter.dispatch('days_between', 'touchstream')(first_day, second_day)) }}
{% endmacro %}

{% macro default__days_between(first_day, second_day) %}
    {{ return('(' ~ second_day ~ ' - ' ~ first_day ~ ')') }}
{% endmacro %}

{% macro spark__days_between(first_day, second_day) %}
    {{ return('datediff(' ~ second_day ~ ', ' ~ first_day ~ ')') }}
{% endmacro %}


{#- The first day of a date's month. -#}
{% macro month_start(day) %}
    {{ return(adapter.dispatch('month_start', 'touchstream')(day)) }}
{% endmacro %}

{% macro default__month_start(day) %}
    {{ return("cast(date_trunc('month', cast(" ~ day ~ " as timestamp)) as date)") }}
{% endmacro %}

{% macro spark__month_start(day) %}{{ return("trunc(" ~ day ~ ", 'MM')") }}{% endmacro %}


{#- 1 is Monday, 7 is Sunday. -#}
{% macro iso_day_of_week(day) %}
    {{ return(adapter.dispatch('iso_day_of_week', 'touchstream')(day)) }}
{% endmacro %}

{% macro default__iso_day_of_week(day) %}
    {{ return('cast(extract(isodow from ' ~ day ~ ') as integer)') }}
{% endmacro %}

{% macro spark__iso_day_of_week(day) %}{{ return('(weekday(' ~ day ~ ') + 1)') }}{% endmacro %}


{#-
    A query with one row per day, column `calendar_date`, from one date column of a relation of one
    row to another, both included.
-#}
{% macro day_series(relation, first_day, last_day) %}
    {{ return(adapter.dispatch('day_series', 'touchstream')(relation, first_day, last_day)) }}
{% endmacro %}

{% macro default__day_series(relation, first_day, last_day) %}
    {%- set query -%}
        select {{ first_day }} + day_number as calendar_date
    from {{ relation }}
    cross join generate_series(0, {{ last_day }} - {{ first_day }}) as days (day_number)
    {%- endset -%}
    {{ return(query) }}
{% endmacro %}

{% macro spark__day_series(relation, first_day, last_day) %}
    {%- set query -%}
        select explode(sequence({{ first_day }}, {{ last_day }})) as calendar_date
    from {{ relation }}
    {%- endset -%}
    {{ return(query) }}
{% endmacro %}


{#-
    A moment as text, to the microsecond, in UTC: the same on every engine, so that it may enter a
    key.
-#}
{% macro moment_text(at) %}
    {{ return(adapter.dispatch('moment_text', 'touchstream')(at)) }}
{% endmacro %}

{% macro default__moment_text(at) %}
    {{ return("to_char(" ~ at ~ " at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')") }}
{% endmacro %}

{% macro spark__moment_text(at) %}
    {{ return("date_format(" ~ at ~ ", 'yyyy-MM-dd HH:mm:ss.SSSSSS')") }}
{% endmacro %}


{#- `seconds` seconds (an expression, may be negative) after a moment. -#}
{% macro add_seconds(at, seconds) %}
    {{ return(adapter.dispatch('add_seconds', 'touchstream')(at, seconds)) }}
{% endmacro %}

{% macro default__add_seconds(at, seconds) %}
    {{ return('(' ~ at ~ ' + (' ~ seconds ~ ") * interval '1 second')") }}
{% endmacro %}

{% macro spark__add_seconds(at, seconds) %}
    {{ return('(' ~ at ~ ' + make_interval(0, 0, 0, 0, 0, 0, ' ~ seconds ~ '))') }}
{% endmacro %}
