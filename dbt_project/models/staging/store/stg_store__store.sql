-- grain: one row per source and store id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['store_id'] %}
{{ config(**restated_by_landing('raw_store__store', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__store'), key=key) }}
),

final as (
    select
        _source as source,
        store_id,
        store_name,
        city,
        region,
        opened_on as opened_date,
        closed_on as closed_date,
        node_id,
        store_type,
        latitude,
        longitude,
        _loaded_at as loaded_at
    from records
)

select * from final
