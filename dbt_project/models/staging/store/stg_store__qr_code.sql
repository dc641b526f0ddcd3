-- grain: one row per source and code id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['code_id'] %}
{{ config(**restated_by_landing('raw_store__qr_code', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__qr_code'), key=key) }}
),

final as (
    select
        _source as source,
        code_id,
        scene,
        purpose,
        store_id,
        staff_id,
        campaign_id,
        product_id,
        issued_on as issued_date,
        _loaded_at as loaded_at
    from records
)

select * from final
