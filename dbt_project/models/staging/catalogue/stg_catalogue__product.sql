-- grain: one row per source and product
with records as (
    {{ latest_records(source('raw', 'raw_catalogue__product'), key=['product_id']) }}
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
        _loaded_at as loaded_at
    from records
)

select * from final
