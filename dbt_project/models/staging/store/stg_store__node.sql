-- grain: one row per source and node id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['node_id'] %}
{{ config(**restated_by_landing('raw_store__node', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__node'), key=key) }}
),

final as (
    select
        _source as source,
        node_id,
        node_name,
        level,
        parent_node_id,
        manager,
        _loaded_at as loaded_at
    from records
)

select * from final
