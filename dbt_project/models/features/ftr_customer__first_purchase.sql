-- grain: one row per customer who bought
-- What a customer began with. The first category is the one most was paid for in the first order;
-- of equal ones the first by name.
with orders as (
    select
        source,
        order_id,
        customer_key,
        order_date,
        channel,
        store_id
    from {{ ref('fct_order') }}
    where is_first_order
),

lines as (
    select
        lines.source,
        lines.order_id,
        products.category,
        sum(lines.sales_amount) as sales_amount
    from {{ ref('fct_order_line') }} as lines
    inner join {{ ref('dim_product') }} as products on products.product_id = lines.product_id
    where products.category is not null
    group by lines.source, lines.order_id, products.category
),

ranked as (
    select
        source,
        order_id,
        category,
        row_number() over (
            partition by source, order_id
            order by sales_amount desc, category asc
        ) as category_rank
    from lines
),

final as (
    select
        orders.customer_key,
        orders.order_date as first_order_date,
        {{ month_start('orders.order_date') }} as cohort_month_date,
        orders.channel as first_channel,
        orders.store_id as first_store_id,
        ranked.category as first_category
    from orders
    left join ranked
        on
            ranked.source = orders.source
            and ranked.order_id = orders.order_id
            and ranked.category_rank = 1
)

select * from final
