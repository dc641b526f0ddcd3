{#-
    Schemas are named exactly as configured: `core` is `core` for everybody, never `<target>_core`.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
