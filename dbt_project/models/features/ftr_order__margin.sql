-- grain: one row per source and order
-- What an order is worth after the cost of its goods. A line whose cost is not known is taken at
-- the brand's margin share in force on its day; before the brand has one, at what was paid.
with lines as (
    select
        source,
        order_id,
        customer_key,
        order_date,
        product_id,
        quantity,
        sales_amount
    from {{ ref('fct_order_line') }}
),

products as (
    select
        product_id,
        cost_amount
    from {{ ref('dim_product') }}
),

shares as (
    select
        valid_from,
        valid_to,
        margin_share
    from {{ ref('ftr_brand__margin_share') }}
),

weighed as (
    select
        lines.source,
        lines.order_id,
        lines.customer_key,
        lines.order_date,
        lines.sales_amount,
        case when products.cost_amount is not null then lines.sales_amount else 0 end
            as costed_sales_amount,
        case
            when products.cost_amount is not null
                then lines.sales_amount - products.cost_amount * lines.quantity
            else lines.sales_amount * coalesce(shares.margin_share, 1)
        end as margin_amount
    from lines
    left join products on products.product_id = lines.product_id
    left join shares
        on
            shares.valid_from <= lines.order_date
            and (shares.valid_to is null or shares.valid_to > lines.order_date)
),

final as (
    select
        source,
        order_id,
        customer_key,
        order_date,
        cast(sum(sales_amount) as decimal(14, 2)) as sales_amount,
        cast(sum(costed_sales_amount) as decimal(14, 2)) as costed_sales_amount,
        cast(sum(margin_amount) as decimal(14, 2)) as margin_amount
    from weighed
    group by source, order_id, customer_key, order_date
)

select * from final
