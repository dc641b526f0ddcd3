-- grain: one row per contract, source of the order, order and line, landed
-- Lines of online orders come in files of their own: each takes the source of its order, and waits
-- (`standing`) where that has not landed or is not paid.
with orders as (
    select
        contract,
        source,
        order_id,
        is_paid
    from {{ ref('int_order__basket') }}
),

receipt_lines as (
    select
        'pos.order_line' as contract,
        source,
        order_id,
        order_line_id,
        product_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_amount,
        currency,
        'sale' as standing
    from {{ ref('stg_pos__order_line') }}
),

items as (
    select
        'shop.order' as contract,
        order_id,
        order_line_id,
        product_id,
        quantity,
        sales_amount,
        discount_amount,
        currency,
        row_number() over (
            partition by order_id, order_line_id
            order by loaded_at desc, source asc
        ) as source_rank
    from {{ ref('stg_shop__order_item') }}
    union all
    select
        'tmall.order' as contract,
        order_id,
        order_line_id,
        product_id,
        quantity,
        sales_amount,
        discount_amount,
        currency,
        row_number() over (
            partition by order_line_id
            order by loaded_at desc, source asc
        ) as source_rank
    from {{ ref('stg_tmall__order_item') }}
),

final as (
    select * from receipt_lines
    union all
    select
        items.contract,
        orders.source,
        items.order_id,
        items.order_line_id,
        items.product_id,
        items.quantity,
        items.sales_amount,
        items.discount_amount as retail_discount_amount,
        cast(null as decimal(12, 2)) as coupon_discount_amount,
        cast(null as decimal(12, 2)) as coupon_match_amount,
        items.currency,
        case
            when orders.order_id is null then 'order not landed'
            when not orders.is_paid then 'order not paid'
            else 'sale'
        end as standing
    from items
    left join orders on orders.contract = items.contract and orders.order_id = items.order_id
    where items.source_rank = 1
)

select * from final
