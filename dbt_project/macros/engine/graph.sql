{#-
    Graph solvers for the `solved` materialization. Each gets a query of links, prepares what it
    needs on the model's own connection and returns the query of its answer: identifier_key,
    component_key, where component_key is the least identifier_key (as bytes) of the component. A
    node without neighbours is a link to itself.

    Not here: what a link is, and who is a customer (models/identity/).
-#}

{#-
    Connected components of `links` (left_key, right_key). Every engine has contraction; PostgreSQL
    has union-find too, and uses contraction when the var `identity_solver` asks for it.
-#}
{% macro solve_components(links) %}
    {%- set wanted = var('identity_solver', '') -%}
    {%- if wanted not in ['', 'contraction'] -%}
        {{
            exceptions.raise_compiler_error(
                "solve_components: var identity_solver is '" ~ wanted
                ~ "'; leave it empty for the engine's own solver, or say 'contraction'"
            )
        }}
    {%- endif -%}
    {%- if wanted == 'contraction' -%}
        {{ return(touchstream.default__solve_components(links)) }}
    {%- endif -%}
    {{ return(adapter.dispatch('solve_components', 'touchstream')(links)) }}
{% endmacro %}

{% macro default__solve_components(links) %}
    {{ return(touchstream.contraction(links)) }}
{% endmacro %}

{% macro postgres__solve_components(links) %}
    {%- do touchstream.number_nodes(links) -%}
    {%- do touchstream.number_links() -%}
    {% call statement('union_find') %}{{ touchstream.union_find() }}{% endcall %}
    {{ return(touchstream.answer_of_members()) }}
{% endmacro %}


{#-
    A forest grown link by link in the order of `position`; a link is left out when its two trees
    hold the same unique namespace, or each one end of a refusal. `links`: position, left_key,
    right_key, left_unique_namespace, right_unique_namespace (null where the end's namespace may
    repeat); a row without a position is a refusal.
-#}
{% macro solve_constrained_forest(links) %}
    {{ return(adapter.dispatch('solve_constrained_forest', 'touchstream')(links)) }}
{% endmacro %}

{% macro default__solve_constrained_forest(links) %}
    {{
        exceptions.raise_compiler_error(
            'solve_constrained_forest: ' ~ target.type ~ ' has no graph solver yet'
        )
    }}
{% endmacro %}

{% macro postgres__solve_constrained_forest(links) %}
    {%- do touchstream.number_nodes(links) -%}
    {%- do touchstream.make_scratch('mark', touchstream.unique_namespaces()) -%}
    {% call statement('grow_forest') %}{{ touchstream.grow_forest() }}{% endcall %}
    {{ return(touchstream.answer_of_members()) }}
{% endmacro %}


{#-
    Makes the scratch tables `link`, `node` and, still empty, `member`. Dense ids 1…n in the order of
    the keys, so that the least id of a component is its least key. One sort makes the keys distinct
    and puts them in order; nothing has an index, since everything is read whole. Not temporary:
    those are read by one process alone.
-#}
{% macro number_nodes(links) %}
    {%- set link = touchstream.make_scratch('link', '(' ~ links ~ ')', tells_planner=false) -%}
    {%- call statement('make_member') -%}
        create unlogged table {{ touchstream.scratch('member') }} (
            identifier_key text, root_id integer, is_root boolean
        )
    {%- endcall -%}
    {%- set nodes -%}
        select
            cast(row_number() over (order by nodes.identifier_key) as integer) as node_id,
            nodes.identifier_key
        from (
            select left_key as identifier_key from {{ link }}
            union all
            select right_key as identifier_key from {{ link }} where left_key <> right_key
        ) as nodes
        group by nodes.identifier_key
    {%- endset -%}
    {%- do touchstream.make_scratch_without('enable_hashagg', 'node', nodes) -%}
{% endmacro %}


{#- From a node to its root, shortening the path on the way: `variable` holds the one, then the other. -#}
{% macro climb(variable) -%}
    loop
                above := parent[{{ variable }}];
                exit when above = {{ variable }};
                parent[{{ variable }}] := parent[above];
                {{ variable }} := above;
            end loop;
{%- endmacro %}


{#- The end of both solvers: every path becomes one step long, and each key learns its root. -#}
{% macro keep_members() %}
        for node in 1..coalesce(array_length(parent, 1), 0) loop
            parent[node] := parent[parent[node]];
        end loop;
        insert into {{ touchstream.scratch('member') }} (identifier_key, root_id, is_root)
        select identifier_key, parent[node_id], parent[node_id] = node_id
        from {{ touchstream.scratch('node') }};
{%- endmacro %}


{#- Only roots are looked up, so the hash table is as large as there are components. -#}
{% macro answer_of_members() %}
    {%- set answer -%}
        select members.identifier_key, roots.identifier_key as component_key
        from {{ touchstream.scratch('member') }} as members
        inner join (
            select root_id, identifier_key from {{ touchstream.scratch('member') }} where is_root
        ) as roots on roots.root_id = members.root_id
    {%- endset -%}
    {{ return(answer) }}
{% endmacro %}
