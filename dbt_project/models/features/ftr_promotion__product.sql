-- grain: one row per promotion and product: promoted, or its neighbour in the category
-- A promotion of everything has no neighbours. Those of what stores show are not told: of a
-- category something is shown nearly everywhere, nearly always.
with promotions as (
    select
        promotion_key,
        promotion_type,
        promotion_id,
        category,
        start_date,
        end_date,
        is_whole_assortment
    from {{ ref('ftr_promotion__promotion') }}
),

products as (
    select
        product_id,
        category
    from {{ ref('dim_product') }}
),

subjects as (
    select
        promotions.promotion_key,
        subjects.product_id,
        subjects.category
    from {{ ref('int_promotion__subject') }} as subjects
    inner join promotions
        on
            promotions.promotion_type = subjects.promotion_type
            and promotions.promotion_id = subjects.promotion_id
),

named as (
    select
        promotion_key,
        product_id
    from subjects
    where product_id is not null
    union
    select
        subjects.promotion_key,
        products.product_id
    from subjects
    inner join products on products.category = subjects.category
    where subjects.product_id is null
),

shown as (
    select distinct
        promotions.promotion_key,
        placements.product_id
    from {{ ref('int_promotion__placement') }} as placements
    left join products on products.product_id = placements.product_id
    inner join promotions
        on
            promotions.promotion_type = placements.promotion_type
            and promotions.category = coalesce(products.category, 'unknown')
            and promotions.start_date = placements.start_date
            and promotions.end_date = placements.end_date
),

whole as (
    select
        promotions.promotion_key,
        products.product_id
    from promotions
    cross join products
    where promotions.is_whole_assortment
),

categories as (
    select distinct
        named.promotion_key,
        products.category
    from named
    inner join products on products.product_id = named.product_id
),

final as (
    select
        promotion_key,
        product_id,
        'promoted' as product_role
    from named
    union all
    select
        promotion_key,
        product_id,
        'promoted' as product_role
    from shown
    union all
    select
        promotion_key,
        product_id,
        'promoted' as product_role
    from whole
    union all
    select
        categories.promotion_key,
        products.product_id,
        'neighbour' as product_role
    from categories
    inner join products on products.category = categories.category
    left join named
        on
            named.promotion_key = categories.promotion_key
            and named.product_id = products.product_id
    where named.product_id is null
)

select * from final
