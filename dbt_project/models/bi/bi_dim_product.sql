-- grain: one row per product of the catalogue, or sold or offered without being in it
{{ config(alias='dim_product') }}
with products as (
    select
        product_id,
        product_name,
        manufacturer_id,
        brand_name,
        department,
        category,
        product_type,
        package_size,
        is_in_catalogue
    from {{ ref('dim_product') }}
),

final as (
    select * from products
)

select * from final
