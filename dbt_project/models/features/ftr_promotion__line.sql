-- grain: one row per promotion and order line of its products, in the weeks that are told of it
{{ config(materialized='view') }}
with promotions as (
    select
        promotion_key,
        start_date,
        end_date,
        window_first_date,
        window_last_date
    from {{ ref('ftr_promotion__promotion') }}
),

weeks as (
    select
        promotion_key,
        week_number
    from {{ ref('ftr_promotion__week') }}
),

products as (
    select
        promotion_key,
        product_id,
        product_role
    from {{ ref('ftr_promotion__product') }}
),

goods as (
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

sold as (
    select
        promotions.promotion_key,
        products.product_role,
        lines.source,
        lines.order_id,
        lines.order_line_id,
        lines.customer_key,
        lines.channel,
        coalesce(lines.store_id, lines.channel) as place_id,
        lines.product_id,
        case
            when lines.order_date > promotions.end_date then 1
            when lines.order_date >= promotions.start_date then 0
            else -1 - cast(
                floor(
                    ({{ days_between('lines.order_date', 'promotions.start_date') }} - 1) / 7.0
                ) as integer
            )
        end as week_number,
        lines.sales_amount,
        cast(
            coalesce(lines.retail_discount_amount, 0) + coalesce(lines.coupon_discount_amount, 0)
            + coalesce(lines.coupon_match_amount, 0) as decimal(14, 2)
        ) as discount_amount,
        cast(
            case when goods.cost_amount is not null then lines.sales_amount else 0 end
            as decimal(14, 2)
        ) as costed_sales_amount,
        cast(
            coalesce(
                lines.sales_amount - goods.cost_amount * lines.quantity,
                lines.sales_amount * shares.margin_share,
                0
            ) as decimal(18, 4)
        ) as margin_amount
    from promotions
    inner join products on products.promotion_key = promotions.promotion_key
    inner join {{ ref('fct_order_line') }} as lines
        on
            lines.product_id = products.product_id
            and lines.order_date
            between promotions.window_first_date and promotions.window_last_date
    left join goods on goods.product_id = lines.product_id
    left join shares
        on
            shares.valid_from <= lines.order_date
            and (shares.valid_to is null or shares.valid_to > lines.order_date)
),

final as (
    select sold.*
    from sold
    inner join weeks
        on
            weeks.promotion_key = sold.promotion_key
            and weeks.week_number = sold.week_number
)

select * from final
