-- grain: one row per source and order that earned points by the rule in force that day
-- Each line earns the programme's points per unit, times the greatest multiplier that matches it;
-- the order's sum is made whole once.
with programmes as (
    select
        rule_id,
        points_per_unit,
        rounding,
        valid_from,
        valid_to
    from {{ ref('int_loyalty__programme') }}
),

rules as (
    {{ brand_rows(ref('points_rules'), key=['rule_id', 'valid_from']) }}
),

multipliers as (
    select
        channel,
        category,
        tier,
        multiplier,
        valid_from,
        valid_to
    from rules
    where multiplier is not null
),

orders as (
    select
        source,
        order_id,
        identifier_key,
        customer_key,
        channel,
        ordered_at,
        order_date,
        sales_amount
    from {{ ref('fct_member_order') }}
),

lines as (
    select
        lines.source,
        lines.order_id,
        lines.order_line_id,
        products.category,
        lines.sales_amount
    from {{ ref('fct_order_line') }} as lines
    left join {{ ref('dim_product') }} as products on products.product_id = lines.product_id
),

tiers as (
    select
        customer_key,
        tier,
        valid_from,
        valid_to
    from {{ ref('fct_tier_interval') }}
),

told as (
    select
        orders.*,
        programmes.rule_id,
        programmes.points_per_unit,
        programmes.rounding,
        tiers.tier
    from orders
    inner join programmes
        on
            programmes.valid_from <= orders.order_date
            and (programmes.valid_to is null or programmes.valid_to > orders.order_date)
    left join tiers
        on
            tiers.customer_key = orders.customer_key
            and tiers.valid_from < orders.ordered_at
            and (tiers.valid_to is null or tiers.valid_to >= orders.ordered_at)
),

raised as (
    select
        lines.source,
        lines.order_id,
        lines.order_line_id,
        lines.sales_amount,
        coalesce(max(multipliers.multiplier), 1) as multiplier
    from lines
    inner join told on told.source = lines.source and told.order_id = lines.order_id
    left join multipliers
        on
            multipliers.valid_from <= told.order_date
            and (multipliers.valid_to is null or multipliers.valid_to > told.order_date)
            and (multipliers.channel is null or multipliers.channel = told.channel)
            and (multipliers.category is null or multipliers.category = lines.category)
            and (multipliers.tier is null or multipliers.tier = told.tier)
    group by lines.source, lines.order_id, lines.order_line_id, lines.sales_amount
),

totals as (
    select
        source,
        order_id,
        sum(sales_amount * multiplier) as raised_amount
    from raised
    group by source, order_id
),

exact as (
    select
        told.*,
        cast(totals.raised_amount * told.points_per_unit as decimal(18, 4)) as exact_points
    from told
    inner join totals on totals.source = told.source and totals.order_id = told.order_id
),

final as (
    select
        source,
        order_id,
        identifier_key,
        customer_key,
        ordered_at,
        order_date,
        sales_amount,
        rule_id,
        rounding,
        exact_points,
        cast(
            case rounding when 'nearest' then round(exact_points, 0) else floor(exact_points) end
            as bigint
        ) as points
    from exact
    where sales_amount > 0 and exact_points > 0
)

select * from final
