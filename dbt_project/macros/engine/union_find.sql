{#-
    Union-find on PostgreSQL: one integer array, in PL/pgSQL.

    Not here: what it promises, and the numbering of nodes that it shares with the constrained forest
    (graph.sql).
-#}

{#-
    Makes the scratch table `edge` of the links between different nodes, as ids. Nodes lie in the
    order of their keys, so links are sorted to them and merged: a third cheaper than two hash
    tables of all keys.
-#}
{% macro number_links() %}
    {%- set node = touchstream.scratch('node') -%}
    {%- set edges -%}
        select left_node.node_id as left_id, right_node.node_id as right_id
        from {{ touchstream.scratch('link') }} as links
        inner join {{ node }} as left_node on left_node.identifier_key = links.left_key
        inner join {{ node }} as right_node on right_node.identifier_key = links.right_key
        where links.left_key <> links.right_key
    {%- endset -%}
    {%- do touchstream.make_scratch_without('enable_hashjoin', 'edge', edges) -%}
{% endmacro %}


{#-
    Roots always hook to the lesser id, so one ascending pass at the end makes every path one step
    long. The loop reads into plain variables: fields of a record cost a look-up each.
-#}
{% macro union_find() %}
    do $solver$
    declare
        parent integer[];
        left_root integer;
        right_root integer;
        above integer;
    begin
        select array_agg(node_id order by node_id) into parent from {{ touchstream.scratch('node') }};
        for left_root, right_root in
            select left_id, right_id from {{ touchstream.scratch('edge') }}
        loop
            {{ touchstream.climb('left_root') }}
            {{ touchstream.climb('right_root') }}
            if left_root < right_root then
                parent[right_root] := left_root;
            elsif right_root < left_root then
                parent[left_root] := right_root;
            end if;
        end loop;
        {{ touchstream.keep_members() }}
    end
    $solver$;
{% endmacro %}
