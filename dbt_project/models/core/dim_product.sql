-- grain: one row per product of the catalogue, or sold or offered without being in it
-- (is_in_catalogue)
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
        style,
        cost_amount,
        row_number() over (
            partition by product_id
            order by loaded_at desc, source asc
        ) as source_rank
    from {{ ref('stg_catalogue__product') }}
),

listed as (
    select * from products
    where source_rank = 1
),

referred as (
    select product_id from {{ ref('int_order__line') }}
    union
    select product_id from {{ ref('stg_voucher__offer') }}
    union
    select product_id from listed
),

final as (
    select
        referred.product_id,
        listed.product_name,
        listed.manufacturer_id,
        listed.brand_name,
        listed.department,
        listed.category,
        listed.product_type,
        listed.package_size,
        listed.style,
        listed.cost_amount,
        listed.product_id is not null as is_in_catalogue
    from referred
    left join listed on listed.product_id = referred.product_id
)

select * from final
