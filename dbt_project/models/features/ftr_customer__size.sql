-- grain: one row per identified customer and category of which they kept something with a size
-- The size they bought last and did not give back.
with products as (
    select
        customer_key,
        category,
        package_size,
        product_id,
        last_bought_date,
        last_bought_at
    from {{ ref('ftr_customer__product') }}
    where category is not null and package_size is not null and not is_last_returned
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key, category
            order by last_bought_at desc, product_id asc
        ) as last_rank
    from products
),

final as (
    select
        customer_key,
        category,
        package_size,
        product_id,
        last_bought_date
    from ranked
    where last_rank = 1
)

select * from final
