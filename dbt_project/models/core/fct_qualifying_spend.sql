-- grain: one row per order of a member, or refund of one, that moves the spend tiers look at
-- A refund counts where the brand's tiers say so (`counts_refunds`), for as long as its order does.
with rules as (
    {{ brand_rows(ref('tier_rules'), key=['tier', 'valid_from']) }}
),

said as (
    select max(case when counts_refunds then 1 else 0 end) = 1 as counts_refunds
    from rules
),

orders as (
    select
        source,
        order_id,
        identifier_key,
        customer_key,
        ordered_at,
        order_date,
        sales_amount
    from {{ ref('fct_member_order') }}
),

final as (
    select
        {{ stable_hash(["'order'", 'orders.source', 'orders.order_id']) }} as spend_key,
        true as is_order,
        orders.source,
        orders.order_id,
        orders.identifier_key,
        orders.customer_key,
        orders.ordered_at,
        orders.order_date,
        orders.ordered_at as happened_at,
        orders.sales_amount as amount
    from orders
    cross join said
    where said.counts_refunds is not null
    union all
    select
        {{ stable_hash(['refunds.contract', 'refunds.source', 'refunds.refund_id']) }} as spend_key,
        false as is_order,
        orders.source,
        orders.order_id,
        orders.identifier_key,
        orders.customer_key,
        orders.ordered_at,
        orders.order_date,
        refunds.refunded_at as happened_at,
        -refunds.refund_amount as amount
    from orders
    inner join {{ ref('fct_refund') }} as refunds
        on refunds.order_source = orders.source and refunds.order_id = orders.order_id
    cross join said
    where said.counts_refunds
)

select * from final
