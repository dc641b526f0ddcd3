-- grain: one row per source, order and line
-- Sales after refunds. A refund that names a line is that line's; one of the whole order is spread
-- over its lines by what was paid for each, to the cent, so that the sum is the refund's.
with lines as (
    select
        source,
        order_id,
        order_line_id,
        customer_key,
        channel,
        ordered_at,
        order_date,
        product_id,
        quantity,
        sales_amount,
        coalesce(retail_discount_amount, 0) + coalesce(coupon_discount_amount, 0)
        + coalesce(coupon_match_amount, 0) > 0 as is_discounted
    from {{ ref('fct_order_line') }}
),

refunds as (
    select
        refunds.order_source as source,
        refunds.order_id,
        lines.order_line_id,
        sum(refunds.refund_amount) as refund_amount
    from {{ ref('fct_refund') }} as refunds
    left join lines
        on
            lines.source = refunds.order_source
            and lines.order_id = refunds.order_id
            and lines.order_line_id = refunds.order_line_id
    where refunds.has_order
    group by refunds.order_source, refunds.order_id, lines.order_line_id
),

refunded_orders as (
    select
        source,
        order_id,
        refund_amount
    from refunds
    where order_line_id is null
),

weighed as (
    select
        lines.source,
        lines.order_id,
        lines.order_line_id,
        refunded_orders.refund_amount,
        case
            when sum(lines.sales_amount) over (partition by lines.source, lines.order_id) > 0
                then lines.sales_amount
            else 1
        end as weight
    from lines
    inner join refunded_orders
        on
            refunded_orders.source = lines.source
            and refunded_orders.order_id = lines.order_id
),

reached as (
    select
        source,
        order_id,
        order_line_id,
        refund_amount,
        weight,
        sum(weight) over (partition by source, order_id) as whole_weight,
        sum(weight) over (
            partition by source, order_id
            order by order_line_id
            rows between unbounded preceding and current row
        ) as weight_so_far
    from weighed
),

spread as (
    select
        source,
        order_id,
        order_line_id,
        round(refund_amount * weight_so_far / whole_weight, 2)
        - round(refund_amount * (weight_so_far - weight) / whole_weight, 2) as refund_amount
    from reached
),

taken_back as (
    select
        source,
        order_id,
        order_line_id,
        refund_amount
    from refunds
    where order_line_id is not null
    union all
    select
        source,
        order_id,
        order_line_id,
        refund_amount
    from spread
),

totals as (
    select
        source,
        order_id,
        order_line_id,
        sum(refund_amount) as refund_amount
    from taken_back
    group by source, order_id, order_line_id
),

final as (
    select
        lines.source,
        lines.order_id,
        lines.order_line_id,
        lines.customer_key,
        lines.channel,
        lines.ordered_at,
        lines.order_date,
        lines.product_id,
        lines.quantity,
        lines.is_discounted,
        lines.sales_amount,
        cast(coalesce(totals.refund_amount, 0) as decimal(14, 2)) as refund_amount,
        cast(
            lines.sales_amount - coalesce(totals.refund_amount, 0) as decimal(14, 2)
        ) as net_sales_amount
    from lines
    left join totals
        on
            totals.source = lines.source
            and totals.order_id = lines.order_id
            and totals.order_line_id = lines.order_line_id
)

select * from final
