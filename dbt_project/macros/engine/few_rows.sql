{#-
    Finding few rows among many, for tables that are restated.

    Not here: which rows, and when (macros/restating/).
-#}

{#-
    For the start of a model that is restated: what it reads lies in memory, since the models before it
    have just read it, and other models run beside it. Else the planner goes through millions of rows,
    several processes at once, to find few.
-#}
{% macro plan_for_few_rows() %}
    {{ return(adapter.dispatch('plan_for_few_rows', 'touchstream')()) }}
{% endmacro %}

{% macro default__plan_for_few_rows() %}{{ return('') }}{% endmacro %}

{% macro postgres__plan_for_few_rows() %}
    {{
        return(
            'set local seq_page_cost = 0.1; set local random_page_cost = 0.1; '
            ~ 'set local max_parallel_workers_per_gather = 0'
            if touchstream.restates() else ''
        )
    }}
{% endmacro %}


{#-
    Indexes on a table's columns, calls of functions or whole expressions `(…)`, made the first time that
    it is restated: one that is only ever made whole pays for none, one that is restated every evening
    pays once. `moments` are columns that grow with the table: summaries of its stretches do for them.
-#}
{% macro make_rows_findable(relation, found_by, moments=[]) %}
    {{ return(adapter.dispatch('make_rows_findable', 'touchstream')(relation, found_by, moments)) }}
{% endmacro %}

{% macro default__make_rows_findable(relation, found_by, moments) %}{{ return('') }}{% endmacro %}

{% macro postgres__make_rows_findable(relation, found_by, moments) %}
    {%- for rows in found_by %}
    create index if not exists {{ relation.identifier }}__{{ loop.index }}
        on {{ relation }} {{ rows if rows.startswith('(') else '(' ~ rows ~ ')' }};
    {%- endfor %}
    {%- for moment in moments %}
    create index if not exists {{ relation.identifier }}__{{ moment }}
        on {{ relation }} using brin ({{ moment }}) with (autosummarize = on);
    {%- endfor %}
{% endmacro %}
