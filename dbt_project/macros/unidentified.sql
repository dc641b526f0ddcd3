{#- The fixed customer of every event that nobody can be named for. -#}
{% macro unidentified() %}{{ return("'" ~ var('unidentified_customer_key') ~ "'") }}{% endmacro %}
