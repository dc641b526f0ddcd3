-- grain: one row per source and product id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['product_id'] %}
{{ config(**restated_by_landing('raw_catalogue__product', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_catalogue__product'), key=key) }}
),

final as (
    select
        _source as source,
        product_id,
        product_name,
        manufacturer_id,
        brand_name,
        department,
        category,
        product_type,
        package_size,
        list_amount,
        cost_amount,
        usage_days,
        style,
        launched_on as launched_date,
        withdrawn_on as withdrawn_date,
        page_url,
        _loaded_at as loaded_at
    from records
)

select * from final
