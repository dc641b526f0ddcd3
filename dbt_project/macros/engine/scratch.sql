{#-
    Scratch tables of one model in one run, beside the model's own table. Their names hold a mark of
    the model and of the run, so that two runs never meet in one; what a run that was killed has
    left goes with the model's next one.

    Not here: what is in them (contraction.sql).
-#}

{#- The name of a scratch table of the model that is being made. -#}
{% macro scratch(part) %}
    {%- set name = touchstream.scratch_mark(this) ~ invocation_id.replace('-', '')[:12] ~ '_' ~ part -%}
    {{ return(api.Relation.create(database=this.database, schema=this.schema, identifier=name, type='table')) }}
{% endmacro %}

{#- What the names of all scratch tables of a model begin with. -#}
{% macro scratch_mark(relation) %}
    {{ return('solver_' ~ local_md5(relation.identifier)[:8] ~ '_') }}
{% endmacro %}


{#-
    Makes a scratch table of a query and returns its name. The planner knows how many rows it has; what
    is in them costs a look at thousands of pages, and is told where a plan hangs on it.
-#}
{% macro make_scratch(part, query, tells_planner=true) %}
    {%- set relation = touchstream.scratch(part) -%}
    {%- call statement('make_' ~ part) -%}
        {{ touchstream.create_scratch_as(relation, query) }}
    {%- endcall -%}
    {%- set statistics = touchstream.gather_statistics_of(relation) if tells_planner -%}
    {%- if statistics -%}
        {%- call statement('analyze_' ~ part) -%}{{ statistics }}{%- endcall -%}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}

{% macro create_scratch_as(relation, query) %}
    {{ return(adapter.dispatch('create_scratch_as', 'touchstream')(relation, query)) }}
{% endmacro %}

{% macro default__create_scratch_as(relation, query) %}
    {{ return('create table ' ~ relation ~ ' as ' ~ query) }}
{% endmacro %}

{% macro postgres__create_scratch_as(relation, query) %}
    {{ return('create unlogged table ' ~ relation ~ ' as ' ~ query) }}
{% endmacro %}


{#- Rows of a relation, of those that fulfil `condition`. -#}
{% macro row_count(relation, condition='true') %}
    {%- set found = run_query('select count(*) from ' ~ relation ~ ' where ' ~ condition) -%}
    {{ return(found.rows[0][0] | int) }}
{% endmacro %}


{#- Drops every scratch table of a model, of this run and of earlier ones that were killed. -#}
{% macro drop_scratch_of(relation) %}
    {%- set mark = touchstream.scratch_mark(relation) -%}
    {%- for row in run_query(touchstream.tables_named(relation, mark)) -%}
        {%- set found = api.Relation.create(
            database=relation.database, schema=relation.schema, identifier=row[1], type='table'
        ) -%}
        {%- call statement('drop_scratch') -%}drop table if exists {{ found }}{%- endcall -%}
    {%- endfor -%}
{% endmacro %}


{#- A query of the tables beside a relation whose names begin with `mark`: schema, name. -#}
{% macro tables_named(relation, mark) %}
    {{ return(adapter.dispatch('tables_named', 'touchstream')(relation, mark)) }}
{% endmacro %}

{% macro default__tables_named(relation, mark) %}
    {%- set query -%}
        select table_schema, table_name
        from information_schema.tables
        where
            table_schema = '{{ relation.schema }}'
            and substring(table_name, 1, {{ mark | length }}) = '{{ mark }}'
    {%- endset -%}
    {{ return(query) }}
{% endmacro %}

{% macro spark__tables_named(relation, mark) %}
    {{ return("show tables in " ~ relation.schema ~ " like '" ~ mark ~ "*'") }}
{% endmacro %}


{#-
    For the end of a run: scratch tables of solved models that failed. Where a failed statement
    takes back everything before it, none is left to be found.
-#}
{% macro drop_scratch_of_failed(results) %}
    {%- if execute -%}
        {%- for result in results
            if result.node.config.materialized == 'solved' and result.status == 'error' -%}
            {%- do touchstream.drop_scratch_of(api.Relation.create(
                database=result.node.database, schema=result.node.schema, identifier=result.node.alias
            )) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
    Scratch tables are read whole, so a plan that looks rows up one by one is always a wrong guess.
    Holds until the model is done.
-#}
{% macro plan_for_whole_tables() %}
    {{ return(adapter.dispatch('plan_for_whole_tables', 'touchstream')()) }}
{% endmacro %}

{% macro default__plan_for_whole_tables() %}{% endmacro %}

{% macro postgres__plan_for_whole_tables() %}
    {%- call statement('plan_for_whole_tables') -%}set local enable_nestloop = off{%- endcall -%}
{% endmacro %}


{#-
    Makes a scratch table with one of the planner's ways switched off, and tells it nothing: the way that
    is left is the plan. Sorting is done by several processes at once, and what is sorted once need not
    be hashed.
-#}
{% macro make_scratch_without(setting, part, query) %}
    {%- set planned = run_query("select current_setting('" ~ setting ~ "')").rows[0][0] -%}
    {%- call statement('switch_off') -%}set local {{ setting }} = off{%- endcall -%}
    {%- do touchstream.make_scratch(part, query, tells_planner=false) -%}
    {%- call statement('as_planned') -%}set local {{ setting }} = {{ planned }}{%- endcall -%}
{% endmacro %}
