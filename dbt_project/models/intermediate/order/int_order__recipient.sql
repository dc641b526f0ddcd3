-- grain: one row per source and order of the own shop that names a recipient's number
-- Tmall masks its recipients: nothing can be told of them.
with orders as (
    select
        source,
        order_id,
        recipient_phone_key
    from {{ ref('stg_shop__order') }}
),

final as (
    select
        'shop.order' as contract,
        source,
        order_id,
        recipient_phone_key
    from orders
    where recipient_phone_key is not null
)

select * from final
