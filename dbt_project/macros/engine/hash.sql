{#-
    Keys made from other values: 32 hex characters over the parts' texts, the same on every engine.
    For rows, never for personal data (that is keyed by HMAC at landing). Parts are text, integers
    or dates; a moment's text differs between engines, so pass its business day or its record's own
    key instead.
-#}
{% macro stable_hash(parts) %}
    {{ return(adapter.dispatch('stable_hash', 'touchstream')(parts)) }}
{% endmacro %}

{% macro default__stable_hash(parts) %}
    {{ return(touchstream.hash_of_parts(parts, 'chr')) }}
{% endmacro %}

{% macro spark__stable_hash(parts) %}
    {{ return(touchstream.hash_of_parts(parts, 'char')) }}
{% endmacro %}

{#-
    Parts are separated by the unit separator (31); a missing part is the record separator (30), not
    ''.
-#}
{% macro hash_of_parts(parts, character) %}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append('coalesce(' ~ cast_text(part) ~ ', ' ~ character ~ '(30))') -%}
    {%- endfor -%}
    {{ return('md5(' ~ texts | join(' || ' ~ character ~ '(31) || ') ~ ')') }}
{% endmacro %}


{#-
    A text as a 64-bit integer, spread evenly; another `salt` gives other ones. Engines differ in
    the number, so it is never stored: for scratch tables of one run. Two texts may share one.
-#}
{% macro hash_number(expression, salt) %}
    {{ return(adapter.dispatch('hash_number', 'touchstream')(expression, salt)) }}
{% endmacro %}

{% macro default__hash_number(expression, salt) %}
    {{ return('xxhash64(' ~ expression ~ ', ' ~ salt ~ ')') }}
{% endmacro %}

{% macro postgres__hash_number(expression, salt) %}
    {{ return('hashtextextended(' ~ expression ~ ', ' ~ salt ~ ')') }}
{% endmacro %}


{#- A number for a row of columns, equal where they are; another engine gives another one. -#}
{% macro hash_of_row(columns) %}
    {{ return(adapter.dispatch('hash_of_row', 'touchstream')(columns)) }}
{% endmacro %}

{% macro default__hash_of_row(columns) %}
    {{ return('xxhash64(' ~ columns | join(', ') ~ ')') }}
{% endmacro %}

{% macro postgres__hash_of_row(columns) %}
    {{ return('hash_record_extended(row(' ~ columns | join(', ') ~ '), 0)') }}
{% endmacro %}
