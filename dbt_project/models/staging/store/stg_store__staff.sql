-- grain: one row per source and staff id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['staff_id'] %}
{{ config(**restated_by_landing('raw_store__staff', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__staff'), key=key) }}
),

final as (
    select
        _source as source,
        staff_id,
        store_id,
        role,
        hired_on as hired_date,
        left_on as left_date,
        full_name_key,
        phone_key,
        device_id_key,
        _loaded_at as loaded_at
    from records
)

select * from final
