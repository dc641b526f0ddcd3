{#-
    As dbt's own, but a full refresh is answered without asking the database: so every model
    compiles offline.
-#}
{% macro is_incremental() %}
    {%- if not execute or should_full_refresh() or model.config.materialized not in ['incremental', 'solved'] -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set relation = adapter.get_relation(this.database, this.schema, this.table) -%}
    {{ return(relation is not none and relation.type == 'table') }}
{% endmacro %}
