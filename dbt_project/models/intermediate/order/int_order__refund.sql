-- grain: one row per contract, source and refund that was paid back
with tills as (
    select
        'pos.refund' as contract,
        source,
        refund_id,
        'store' as channel,
        order_id,
        order_line_id,
        refunded_at,
        refunded_date,
        refund_amount,
        currency
    from {{ ref('stg_pos__refund') }}
),

shops as (
    select
        'shop.refund' as contract,
        source,
        refund_id,
        'shop' as channel,
        order_id,
        order_line_id,
        refunded_at,
        {{ business_date('refunded_at') }} as refunded_date,
        refund_amount,
        currency
    from {{ ref('stg_shop__refund') }}
    where refunded_at is not null
),

tmall as (
    select
        'tmall.refund' as contract,
        source,
        refund_id,
        'tmall' as channel,
        order_id,
        order_line_id,
        refunded_at,
        {{ business_date('refunded_at') }} as refunded_date,
        refund_amount,
        currency
    from {{ ref('stg_tmall__refund') }}
    where refunded_at is not null
),

refunds as (
    select * from tills
    union all
    select * from shops
    union all
    select * from tmall
),

final as (
    select * from refunds
    where {{ happened_by_then('refunded_date') }}
)

select * from final
