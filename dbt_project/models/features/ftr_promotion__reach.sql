-- grain: one row per promotion that has begun
-- Whom or what it reached, who is compared with them, and who redeemed its vouchers. Places count
-- when they sold a promoted product in the weeks before or during it.
with promotions as (
    select
        promotion_key,
        promotion_id,
        comparison_unit
    from {{ ref('ftr_promotion__promotion') }}
),

products as (
    select
        promotion_key,
        count(*) as product_count
    from {{ ref('ftr_promotion__product') }}
    where product_role = 'promoted'
    group by promotion_key
),

customers as (
    select
        promotion_key,
        customer_key,
        arm
    from {{ ref('ftr_promotion__customer') }}
),

places as (
    select distinct
        sales.promotion_key,
        sales.unit_key,
        sales.arm
    from {{ ref('ftr_promotion__sale') }} as sales
    inner join promotions on promotions.promotion_key = sales.promotion_key
    where
        promotions.comparison_unit = 'place'
        and sales.product_role = 'promoted'
        and sales.week_number <= 0
),

units as (
    select
        promotion_key,
        customer_key as unit_key,
        arm
    from customers
    union all
    select
        promotion_key,
        unit_key,
        arm
    from places
),

counts as (
    select
        promotion_key,
        count(distinct case when arm <> 'comparison' then unit_key end) as exposed_count,
        count(distinct case when arm = 'exposed' then unit_key end) as measured_count,
        count(distinct case when arm = 'comparison' then unit_key end) as comparison_count
    from units
    group by promotion_key
),

redemptions as (
    select
        promotions.promotion_key,
        events.event_id,
        events.customer_key
    from {{ ref('fct_event') }} as events
    inner join promotions
        on
            promotions.comparison_unit = 'customer'
            and promotions.promotion_id = events.campaign_id
    where events.event_type = 'voucher_redeemed'
),

redeemed as (
    select
        redemptions.promotion_key,
        count(*) as redemption_count,
        count(distinct customers.customer_key) as redeemer_count
    from redemptions
    left join customers
        on
            customers.promotion_key = redemptions.promotion_key
            and customers.customer_key = redemptions.customer_key
            and customers.arm <> 'comparison'
    group by redemptions.promotion_key
),

final as (
    select
        promotions.promotion_key,
        coalesce(products.product_count, 0) as product_count,
        coalesce(counts.exposed_count, 0) as exposed_count,
        coalesce(counts.measured_count, 0) as measured_count,
        coalesce(counts.comparison_count, 0) as comparison_count,
        case
            when promotions.comparison_unit = 'customer'
                then coalesce(redeemed.redemption_count, 0)
        end as redemption_count,
        case
            when promotions.comparison_unit = 'customer' then coalesce(redeemed.redeemer_count, 0)
        end as redeemer_count
    from promotions
    left join products on products.promotion_key = promotions.promotion_key
    left join counts on counts.promotion_key = promotions.promotion_key
    left join redeemed on redeemed.promotion_key = promotions.promotion_key
)

select * from final
