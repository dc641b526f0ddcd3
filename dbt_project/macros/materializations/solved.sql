{#-
    A table whose rows a graph solver makes from the model's query. Config `solver` names the macro
    that gets the query and returns another one, which is stored: `solve_components` or
    `solve_constrained_forest` (macros/engine/graph.sql). What it left in scratch tables is dropped.
    Everything else is dbt's own way of building a table: made aside, then swapped in; where identity
    is restated, put in the place of the touched rows.
-#}
{% materialization solved, default %}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set intermediate_relation = make_intermediate_relation(target_relation) -%}
    {%- set backup_relation = make_backup_relation(target_relation, 'table') -%}
    {%- set grant_config = config.get('grants') -%}

    {{ drop_relation_if_exists(load_cached_relation(intermediate_relation)) }}
    {{ drop_relation_if_exists(load_cached_relation(backup_relation)) }}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set solution = context[config.require('solver')](sql) -%}
    {%- set is_restated = is_incremental() -%}
    {% if is_restated %}
        {% call statement('main') -%}
            {{ touchstream.make_rows_findable(target_relation, config.require('meta')['found_by']) }}
            {{ touchstream.delete_touched(target_relation) }};
            insert into {{ target_relation }} (identifier_key, component_key)
            select identifier_key, component_key from ({{ solution }}) as solved
        {%- endcall %}
    {% else %}
        {% call statement('main') -%}
            {{ get_create_table_as_sql(False, intermediate_relation, solution) }}
        {%- endcall %}
    {% endif %}
    {% do touchstream.drop_scratch_of(this) %}
    {% if not is_restated %}
        {% do create_indexes(intermediate_relation) %}
        {% if existing_relation is not none %}
            {{ adapter.rename_relation(existing_relation, backup_relation) }}
        {% endif %}
        {{ adapter.rename_relation(intermediate_relation, target_relation) }}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do apply_grants(target_relation, grant_config, should_revoke(existing_relation, true)) %}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ drop_relation_if_exists(backup_relation) }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
