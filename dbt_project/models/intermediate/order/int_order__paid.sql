-- grain: one row per source and order whose head says what was paid, postage apart
-- What its lines have to sum to: less means that lines are missing. Receipts have no head.
with shops as (
    select
        source,
        order_id,
        paid_amount - coalesce(postage_amount, 0) as paid_amount,
        currency
    from {{ ref('stg_shop__order') }}
),

tmall as (
    select
        source,
        order_id,
        paid_amount - coalesce(postage_amount, 0) as paid_amount,
        currency
    from {{ ref('stg_tmall__order') }}
),

final as (
    select
        'shop.order' as contract,
        source,
        order_id,
        paid_amount,
        currency
    from shops
    union all
    select
        'tmall.order' as contract,
        source,
        order_id,
        paid_amount,
        currency
    from tmall
)

select * from final
