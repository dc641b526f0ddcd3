{#-
    The constrained forest on PostgreSQL: Kruskal over links in their order, in PL/pgSQL.

    Not here: what it promises, and the numbering of nodes that it shares with union-find
    (graph.sql).
-#}

{#- One bit per unique namespace: two trees may not join when they share one. -#}
{% macro unique_namespaces() %}
    with ends as (
        select left_key as identifier_key, left_unique_namespace as namespace
        from {{ touchstream.scratch('link') }}
        where position is not null
        union
        select right_key as identifier_key, right_unique_namespace as namespace
        from {{ touchstream.scratch('link') }}
        where position is not null
    ),

    bits as (
        select
            namespace,
            cast(1 as bigint)
                << cast(row_number() over (order by namespace) - 1 as integer) as bit
        from (select distinct namespace from ends where namespace is not null) as namespaces
    )

    select nodes.node_id, coalesce(bits.bit, 0) as bit
    from ends
    inner join {{ touchstream.scratch('node') }} as nodes on nodes.identifier_key = ends.identifier_key
    left join bits on bits.namespace = ends.namespace
{% endmacro %}


{#-
    Who was refused to whom hangs on the root of each tree as a chain of node ids: `first_foe` and
    `last_foe` by root, `next_foe` by entry. A join reads the shorter chain and ties the two
    together, so refusals cost nothing where there are none.
-#}
{% macro grow_forest() %}
    do $solver$
    declare
        parent integer[];
        held bigint[];
        foe integer[] := '{}';
        next_foe integer[] := '{}';
        first_foe integer[];
        last_foe integer[];
        foe_count integer[];
        link record;
        left_root integer;
        right_root integer;
        lesser integer;
        greater integer;
        entry integer;
        foe_root integer;
        above integer;
        is_refused boolean;
    begin
        select array_agg(node_id order by node_id) into parent from {{ touchstream.scratch('node') }};
        select array_agg(bit order by node_id) into held from {{ touchstream.scratch('mark') }};
        first_foe := array_fill(0, array[coalesce(array_length(parent, 1), 0)]);
        last_foe := first_foe;
        foe_count := first_foe;
        for link in
            select one.node_id as node_id, other.node_id as foe_id
            from (
                select left_key as one_key, right_key as other_key
                from {{ touchstream.scratch('link') }} where position is null
                union all
                select right_key as one_key, left_key as other_key
                from {{ touchstream.scratch('link') }} where position is null
            ) as refused
            inner join {{ touchstream.scratch('node') }} as one on one.identifier_key = refused.one_key
            inner join {{ touchstream.scratch('node') }} as other on other.identifier_key = refused.other_key
        loop
            foe := foe || link.foe_id;
            next_foe := next_foe || first_foe[link.node_id];
            first_foe[link.node_id] := array_length(foe, 1);
            if last_foe[link.node_id] = 0 then
                last_foe[link.node_id] := array_length(foe, 1);
            end if;
            foe_count[link.node_id] := foe_count[link.node_id] + 1;
        end loop;
        for link in
            select left_node.node_id as left_id, right_node.node_id as right_id
            from {{ touchstream.scratch('link') }} as links
            inner join {{ touchstream.scratch('node') }} as left_node
                on left_node.identifier_key = links.left_key
            inner join {{ touchstream.scratch('node') }} as right_node
                on right_node.identifier_key = links.right_key
            where links.position is not null
            order by links.position
        loop
            left_root := link.left_id;
            {{ touchstream.climb('left_root') }}
            right_root := link.right_id;
            {{ touchstream.climb('right_root') }}
            if left_root <> right_root and held[left_root] & held[right_root] = 0 then
                lesser := least(left_root, right_root);
                greater := greatest(left_root, right_root);
                if foe_count[lesser] < foe_count[greater] then
                    entry := first_foe[lesser];
                else
                    entry := first_foe[greater];
                end if;
                is_refused := false;
                while entry <> 0 and not is_refused loop
                    foe_root := foe[entry];
                    {{ touchstream.climb('foe_root') }}
                    is_refused := foe_root in (lesser, greater);
                    entry := next_foe[entry];
                end loop;
                if not is_refused then
                    parent[greater] := lesser;
                    held[lesser] := held[lesser] | held[greater];
                    if first_foe[greater] <> 0 then
                        if first_foe[lesser] = 0 then
                            first_foe[lesser] := first_foe[greater];
                        else
                            next_foe[last_foe[lesser]] := first_foe[greater];
                        end if;
                        last_foe[lesser] := last_foe[greater];
                        foe_count[lesser] := foe_count[lesser] + foe_count[greater];
                    end if;
                end if;
            end if;
        end loop;
        {{ touchstream.keep_members() }}
    end
    $solver$;
{% endmacro %}
