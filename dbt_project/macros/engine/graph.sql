{#-
    Graph solvers for the `solved` materialization. Each gets a query of links, prepares what it
    needs on the model's own connection and returns the query of its answer: identifier_key,
    component_key, where component_key is the least identifier_key (as bytes) of the component. A
    node without neighbours is a link to itself.

    Not here: what a link is, and who is a customer (models/identity/).
-#}

{#- Connected components of `links` (left_key, right_key). -#}
{% macro solve_components(links) %}
    {{ return(adapter.dispatch('solve_components', 'touchstream')(links)) }}
{% endmacro %}

{% macro default__solve_components(links) %}
    {{
        exceptions.raise_compiler_error(
            'solve_components: ' ~ target.type ~ ' has no graph solver yet'
        )
    }}
{% endmacro %}

{% macro postgres__solve_components(links) %}
    {% call statement('number_nodes') %}{{ touchstream.number_nodes(links) }}{% endcall %}
    {% call statement('union_find') %}{{ touchstream.union_find() }}{% endcall %}
    {{ return(touchstream.answer_of_roots()) }}
{% endmacro %}


{#-
    A forest grown link by link in the order of `position`; a link whose two trees hold the same
    unique namespace is left out. `links`: position, left_key, right_key, left_unique_namespace,
    right_unique_namespace (null where the end's namespace may repeat).
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
    {% call statement('number_nodes') %}{{ touchstream.number_nodes(links) }}{% endcall %}
    {% call statement('mark_unique') %}{{ touchstream.mark_unique_namespaces() }}{% endcall %}
    {% call statement('grow_forest') %}{{ touchstream.grow_forest() }}{% endcall %}
    {{ return(touchstream.answer_of_roots()) }}
{% endmacro %}


{#-
    Dense ids 1…n in the order of the keys, so that the least id of a component is its least key.
-#}
{% macro number_nodes(links) %}
    create temporary table solver_link on commit drop as ({{ links }});
    create temporary table solver_node on commit drop as
    select
        cast(row_number() over (order by nodes.identifier_key) as integer) as node_id,
        nodes.identifier_key
    from (
        select left_key as identifier_key from solver_link
        union
        select right_key as identifier_key from solver_link
    ) as nodes;
    create temporary table solver_root (node_id integer, root_id integer) on commit drop;
    analyze solver_link;
    analyze solver_node;
{% endmacro %}


{#-
    Roots always hook to the lesser id, so one ascending pass at the end makes every path one step
    long.
-#}
{% macro union_find() %}
    do $solver$
    declare
        parent integer[];
        link record;
        left_root integer;
        right_root integer;
    begin
        select array_agg(node_id order by node_id) into parent from solver_node;
        for link in
            select left_node.node_id as left_id, right_node.node_id as right_id
            from solver_link
            inner join solver_node as left_node
                on left_node.identifier_key = solver_link.left_key
            inner join solver_node as right_node
                on right_node.identifier_key = solver_link.right_key
            where solver_link.left_key <> solver_link.right_key
        loop
            left_root := link.left_id;
            while parent[left_root] <> left_root loop
                parent[left_root] := parent[parent[left_root]];
                left_root := parent[left_root];
            end loop;
            right_root := link.right_id;
            while parent[right_root] <> right_root loop
                parent[right_root] := parent[parent[right_root]];
                right_root := parent[right_root];
            end loop;
            if left_root < right_root then
                parent[right_root] := left_root;
            elsif right_root < left_root then
                parent[left_root] := right_root;
            end if;
        end loop;
        for node in 1..coalesce(array_length(parent, 1), 0) loop
            parent[node] := parent[parent[node]];
        end loop;
        insert into solver_root (node_id, root_id)
        select roots.node_id, roots.root_id
        from unnest(parent) with ordinality as roots (root_id, node_id);
    end
    $solver$;
{% endmacro %}


{#- One bit per unique namespace: two trees may not join when they share one. -#}
{% macro mark_unique_namespaces() %}
    create temporary table solver_mark on commit drop as
    with ends as (
        select left_key as identifier_key, left_unique_namespace as namespace from solver_link
        union
        select right_key as identifier_key, right_unique_namespace as namespace from solver_link
    ),

    bits as (
        select
            namespace,
            cast(1 as bigint)
                << cast(row_number() over (order by namespace) - 1 as integer) as bit
        from (select distinct namespace from ends where namespace is not null) as namespaces
    )

    select solver_node.node_id, coalesce(bits.bit, 0) as bit
    from ends
    inner join solver_node on solver_node.identifier_key = ends.identifier_key
    left join bits on bits.namespace = ends.namespace;
{% endmacro %}


{% macro grow_forest() %}
    do $solver$
    declare
        parent integer[];
        held bigint[];
        link record;
        left_root integer;
        right_root integer;
    begin
        select array_agg(node_id order by node_id) into parent from solver_node;
        select array_agg(bit order by node_id) into held from solver_mark;
        for link in
            select left_node.node_id as left_id, right_node.node_id as right_id
            from solver_link
            inner join solver_node as left_node
                on left_node.identifier_key = solver_link.left_key
            inner join solver_node as right_node
                on right_node.identifier_key = solver_link.right_key
            order by solver_link.position
        loop
            left_root := link.left_id;
            while parent[left_root] <> left_root loop
                parent[left_root] := parent[parent[left_root]];
                left_root := parent[left_root];
            end loop;
            right_root := link.right_id;
            while parent[right_root] <> right_root loop
                parent[right_root] := parent[parent[right_root]];
                right_root := parent[right_root];
            end loop;
            if left_root <> right_root and held[left_root] & held[right_root] = 0 then
                parent[greatest(left_root, right_root)] := least(left_root, right_root);
                held[least(left_root, right_root)] := held[left_root] | held[right_root];
            end if;
        end loop;
        for node in 1..coalesce(array_length(parent, 1), 0) loop
            parent[node] := parent[parent[node]];
        end loop;
        insert into solver_root (node_id, root_id)
        select roots.node_id, roots.root_id
        from unnest(parent) with ordinality as roots (root_id, node_id);
    end
    $solver$;
{% endmacro %}


{% macro answer_of_roots() %}
    {%- set answer -%}
        select node.identifier_key, root.identifier_key as component_key
        from solver_root
        inner join solver_node as node on node.node_id = solver_root.node_id
        inner join solver_node as root on root.node_id = solver_root.root_id
    {%- endset -%}
    {{ return(answer) }}
{% endmacro %}
