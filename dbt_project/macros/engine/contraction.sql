{#-
    Connected components in plain SQL, for engines without a solver of their own.

    Round by round every node hooks to its least neighbour, looks one step further (whom that one
    hooks to), and is merged into what it finds; links inside a merged node vanish, the others meet
    and become one. Nodes are 64-bit hashes of their keys: in the order of hashes a chain has its
    low points everywhere, so each round leaves a fraction of the nodes, whatever the keys look
    like. When no link is left, the merges are read backwards.

    Not here: scratch tables (scratch.sql), which solver is used (graph.sql).
-#}

{#- Prepares the answer in scratch tables and returns its query, as graph.sql promises. -#}
{% macro contraction(links) %}
    {%- do touchstream.drop_scratch_of(this) -%}
    {%- do touchstream.plan_for_whole_tables() -%}
    {%- set nodes = touchstream.hashed_nodes(links) -%}
    {%- set labels = touchstream.expanded(touchstream.merged_by_round()) -%}
    {{ return(touchstream.contraction_answer(nodes, labels)) }}
{% endmacro %}

{% macro contraction_answer(nodes, labels) %}
    {%- set answer -%}
        select
            nodes.identifier_key,
            min(nodes.identifier_key) over (
                partition by coalesce(labels.root_id, nodes.node_id)
            ) as component_key
        from {{ nodes }} as nodes
        left join {{ labels }} as labels on labels.node_id = nodes.node_id
    {%- endset -%}
    {{ return(answer) }}
{% endmacro %}


{#-
    Makes the scratch tables `node` (node_id, identifier_key) and `edge_1` (one_id, other_id);
    returns the name of the first. Two keys of one hash would become one person, so they are looked
    for, and all are hashed anew.
-#}
{% macro hashed_nodes(links) %}
    {%- set found = namespace(nodes=none) -%}
    {%- set most_salts = var('identity_solver_most_salts') | int -%}
    {%- for salt in range(most_salts) if found.nodes is none -%}
        {%- set linked = touchstream.make_scratch(
            'link_' ~ salt, touchstream.contraction_link(links, salt)
        ) -%}
        {%- set nodes = touchstream.make_scratch(
            'node_' ~ salt, touchstream.contraction_node(linked)
        ) -%}
        {%- if touchstream.row_count(nodes, 'is_shared') == 0 -%}
            {%- set found.nodes = nodes -%}
            {%- do touchstream.make_scratch('edge_1', touchstream.contraction_edge(linked)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if found.nodes is none -%}
        {{
            exceptions.raise_compiler_error(
                this ~ ': two keys had one 64-bit hash under each of ' ~ most_salts
                ~ ' salts; raise the var identity_solver_most_salts'
            )
        }}
    {%- endif -%}
    {{ return(found.nodes) }}
{% endmacro %}


{#-
    Contracts `edge_1` until no edge is left; returns the names of the merges (node_id, root_id),
    one for each round and never none.
-#}
{% macro merged_by_round() %}
    {%- set merges = [] -%}
    {%- set most_rounds = var('identity_solver_most_rounds') | int -%}
    {%- set state = namespace(edges=touchstream.scratch('edge_1'), are_left=true) -%}
    {%- for round in range(1, most_rounds + 1) if state.are_left -%}
        {%- set hooks = touchstream.make_scratch(
            'hook_' ~ round, touchstream.contraction_hook(state.edges)
        ) -%}
        {%- set merge = touchstream.make_scratch(
            'merge_' ~ round, touchstream.contraction_jump(hooks)
        ) -%}
        {%- do merges.append(merge) -%}
        {%- set state.edges = touchstream.make_scratch(
            'edge_' ~ (round + 1), touchstream.contraction_contract(state.edges, merge)
        ) -%}
        {%- set state.are_left = touchstream.row_count(state.edges) > 0 -%}
    {%- endfor -%}
    {%- if state.are_left -%}
        {{
            exceptions.raise_compiler_error(
                this ~ ': contraction had links left after ' ~ most_rounds ~ ' rounds (var '
                ~ 'identity_solver_most_rounds); two million people take 8, so look at the links'
            )
        }}
    {%- endif -%}
    {%- do log(this ~ ': contraction took ' ~ merges | length ~ ' rounds', info=true) -%}
    {{ return(merges) }}
{% endmacro %}


{#- Reads the merges backwards; returns the name of (node_id, root_id) for every node that had a link. -#}
{% macro expanded(merges) %}
    {%- set labels = namespace(relation=merges[-1]) -%}
    {%- for round in range(merges | length - 1, 0, -1) -%}
        {%- set labels.relation = touchstream.make_scratch(
            'label_' ~ round, touchstream.contraction_expand(merges[round - 1], labels.relation)
        ) -%}
    {%- endfor -%}
    {{ return(labels.relation) }}
{% endmacro %}


{% macro contraction_link(links, salt) %}
    select
        {{ touchstream.hash_number('links.left_key', salt) }} as left_id,
        {{ touchstream.hash_number('links.right_key', salt) }} as right_id,
        links.left_key,
        links.right_key
    from ({{ links }}) as links
{% endmacro %}


{% macro contraction_node(links) %}
    select
        ends.node_id,
        min(ends.identifier_key) as identifier_key,
        min(ends.identifier_key) <> max(ends.identifier_key) as is_shared
    from (
        select left_id as node_id, left_key as identifier_key from {{ links }}
        union all
        select right_id as node_id, right_key as identifier_key from {{ links }}
        where right_key <> left_key
    ) as ends
    group by ends.node_id
{% endmacro %}


{% macro contraction_edge(links) %}
    select distinct
        case when left_id < right_id then left_id else right_id end as one_id,
        case when left_id < right_id then right_id else left_id end as other_id
    from {{ links }}
    where left_id <> right_id
{% endmacro %}


{#- Every node that has an edge, and the least of its neighbours and itself. -#}
{% macro contraction_hook(edges) %}
    select
        ends.node_id,
        case
            when min(ends.neighbour_id) < ends.node_id then min(ends.neighbour_id)
            else ends.node_id
        end as parent_id
    from (
        select one_id as node_id, other_id as neighbour_id from {{ edges }}
        union all
        select other_id as node_id, one_id as neighbour_id from {{ edges }}
    ) as ends
    group by ends.node_id
{% endmacro %}


{#- One step further: a parent has an edge too, so it hooks itself to somebody. -#}
{% macro contraction_jump(hooks) %}
    select
        hooks.node_id,
        parents.parent_id as root_id
    from {{ hooks }} as hooks
    inner join {{ hooks }} as parents on parents.node_id = hooks.parent_id
{% endmacro %}


{% macro contraction_contract(edges, merge) %}
    select distinct
        case when one.root_id < other.root_id then one.root_id else other.root_id end as one_id,
        case when one.root_id < other.root_id then other.root_id else one.root_id end as other_id
    from {{ edges }} as edges
    inner join {{ merge }} as one on one.node_id = edges.one_id
    inner join {{ merge }} as other on other.node_id = edges.other_id
    where one.root_id <> other.root_id
{% endmacro %}


{#- What a node was merged into may have been merged itself in a later round. -#}
{% macro contraction_expand(merge, labels) %}
    select
        merged.node_id,
        coalesce(labels.root_id, merged.root_id) as root_id
    from {{ merge }} as merged
    left join {{ labels }} as labels on labels.node_id = merged.root_id
{% endmacro %}
