-- grain: one row per source, contract and what follows an order: payment, parcel, money paid back
-- Whose it is, the order says, if one order alone has that number. Money paid back counts against
-- the purchase.
with owners as (
    select
        order_id,
        min(identifier_key) as identifier_key
    from {{ ref('int_order__owner') }}
    where contract in ('shop.order', 'tmall.order')
    group by order_id
    having count(*) = 1
),

payments as (
    select
        payments.source,
        payments.payment_id,
        payments.order_id,
        payments.method,
        payments.status,
        payments.paid_at,
        payments.paid_date,
        owners.identifier_key
    from {{ ref('stg_shop__payment') }} as payments
    left join owners on owners.order_id = payments.order_id
    where payments.status in ('paid', 'failed')
),

shipments as (
    select
        shipments.source,
        shipments.shipment_id,
        shipments.order_id,
        shipments.carrier,
        shipments.shipped_at,
        shipments.shipped_date,
        shipments.delivered_at,
        owners.identifier_key
    from {{ ref('stg_shop__shipment') }} as shipments
    left join owners on owners.order_id = shipments.order_id
),

refunds as (
    select
        fct_refund.contract,
        fct_refund.source,
        fct_refund.refund_id,
        fct_refund.channel,
        fct_refund.order_id,
        fct_refund.refunded_at,
        fct_refund.refunded_date,
        -fct_refund.refund_amount as paid_back_amount,
        fct_refund.currency,
        fct_order.store_id,
        fct_order.identifier_key
    from {{ ref('fct_refund') }} as fct_refund
    left join {{ ref('fct_order') }} as fct_order
        on
            fct_order.source = fct_refund.order_source
            and fct_order.channel = fct_refund.channel
            and fct_order.order_id = fct_refund.order_id
),

final as (
    {{
        touch(
            'shop.payment', told_as('status', {'paid': 'payment_made', 'failed': 'payment_failed'}),
            "'shop'", "'checkout'", relation='payments', identifier='identifier_key',
            told={'order_id': 'order_id', 'content_key': 'method'},
        )
    }}
    union all
    {{
        touch(
            'shop.shipment', "'parcel_shipped'", "'shop'", "'parcel'", relation='shipments',
            identifier='identifier_key', told={'order_id': 'order_id', 'content_key': 'carrier'},
        )
    }}
    union all
    {{
        touch(
            'shop.shipment', "'parcel_delivered'", "'shop'", "'parcel'", relation='shipments',
            at='delivered_at', part='delivered', identifier='identifier_key',
            told={'order_id': 'order_id', 'content_key': 'carrier'},
        )
    }}
    union all
    {{
        touch(
            'pos.refund', "'refunded'", 'channel', "'refund'", relation='refunds', key='refund_id',
            identifier='identifier_key',
            told={
                'contract': 'contract', 'event_at': 'refunded_at', 'event_date': 'refunded_date',
                'order_id': 'order_id', 'store_id': 'store_id',
                'value_amount': 'paid_back_amount', 'currency': 'currency',
            },
        )
    }}
)

select * from final
