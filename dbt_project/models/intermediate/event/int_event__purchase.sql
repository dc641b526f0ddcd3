-- grain: one row per source and order
with orders as (
    select
        fct_order.contract,
        fct_order.channel,
        fct_order.source,
        fct_order.order_id,
        fct_order.identifier_key,
        fct_order.ordered_at,
        fct_order.order_date,
        fct_order.store_id,
        fct_order.sales_amount,
        fct_order.currency,
        baskets.voucher_id
    from {{ ref('fct_order') }} as fct_order
    left join {{ ref('int_order__basket') }} as baskets
        on
            baskets.contract = fct_order.contract
            and baskets.source = fct_order.source
            and baskets.order_id = fct_order.order_id
),

links as (
    select
        'shop.order' as contract,
        source,
        order_id,
        link_id
    from {{ ref('stg_shop__order') }}
    where link_id is not null
    union all
    select
        'tmall.order' as contract,
        source,
        order_id,
        link_id
    from {{ ref('stg_tmall__order') }}
    where link_id is not null
),

linked as (
    select
        orders.contract,
        orders.source,
        orders.order_id,
        orders.channel,
        case when orders.channel = 'store' then 'till' else 'checkout' end as touchpoint,
        orders.identifier_key,
        orders.ordered_at,
        orders.order_date,
        orders.store_id,
        orders.sales_amount,
        orders.currency,
        orders.voucher_id,
        links.link_id
    from orders
    left join links
        on
            links.contract = orders.contract
            and links.source = orders.source
            and links.order_id = orders.order_id
),

final as (
    {{
        touch(
            'pos.order_line', "'purchase'", 'channel', 'touchpoint', relation='linked',
            key='order_id', identifier='identifier_key',
            told={
                'contract': 'contract', 'store_id': 'store_id', 'value_amount': 'sales_amount',
                'currency': 'currency', 'voucher_id': 'voucher_id', 'link_id': 'link_id',
                'order_id': 'order_id',
            },
        )
    }}
)

select * from final
