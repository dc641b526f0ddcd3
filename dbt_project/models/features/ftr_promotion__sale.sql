-- grain: one row per promotion, product role, unit, arm and week in which the unit bought
-- A unit is a customer of a campaign, or a place. Set aside: exposed, with nothing to compare with.
-- A store that shows the product at another time within the window is in no arm; nor is one of
-- which nobody tells what it shows.
with weeks as (
    select
        promotion_key,
        min(first_date) as first_date
    from {{ ref('ftr_promotion__week') }}
    group by promotion_key
),

promotions as (
    select
        promotions.promotion_key,
        promotions.promotion_type,
        promotions.comparison_unit,
        promotions.channel,
        promotions.start_date,
        promotions.end_date,
        weeks.first_date as window_first_date,
        promotions.window_last_date
    from {{ ref('ftr_promotion__promotion') }} as promotions
    inner join weeks on weeks.promotion_key = promotions.promotion_key
),

customers as (
    select
        promotion_key,
        customer_key,
        arm,
        weight
    from {{ ref('ftr_promotion__customer') }}
),

placements as (
    select
        product_id,
        store_id,
        promotion_type,
        start_date,
        end_date,
        free_from_date,
        last_shown_date
    from {{ ref('int_promotion__placement') }}
),

shown as (
    select
        store_id,
        product_id,
        max(last_shown_date) as last_date
    from placements
    group by store_id, product_id
),

stores as (
    select distinct store_id
    from placements
),

gaps as (
    select
        store_id,
        product_id,
        coalesce(free_from_date, {{ undated_date() }}) as first_date,
        {{ add_days('start_date', '-1') }} as last_date
    from placements
),

armed as (
    select
        lines.*,
        case
            when promotions.comparison_unit = 'customer' then lines.customer_key
            else lines.place_id
        end as unit_key,
        case
            when promotions.comparison_unit = 'customer' then customers.arm
            when promotions.channel <> lines.channel and promotions.promotion_type = 'calendar'
                then 'comparison'
            when promotions.promotion_type = 'calendar' then 'exposed'
            when placements.free_from_date > promotions.window_first_date then 'set_aside'
            when placements.store_id is not null then 'exposed'
            when
                stores.store_id is not null
                and (
                    gaps.store_id is not null
                    or coalesce(shown.last_date < promotions.window_first_date, true)
                )
                then 'comparison'
        end as arm,
        coalesce(customers.weight, 1) as weight
    from {{ ref('ftr_promotion__line') }} as lines
    inner join promotions on promotions.promotion_key = lines.promotion_key
    left join customers
        on
            promotions.comparison_unit = 'customer'
            and customers.promotion_key = lines.promotion_key
            and customers.customer_key = lines.customer_key
    left join placements
        on
            placements.promotion_type = promotions.promotion_type
            and placements.start_date = promotions.start_date
            and placements.end_date = promotions.end_date
            and placements.product_id = lines.product_id
            and placements.store_id = lines.place_id
    left join shown
        on
            shown.product_id = lines.product_id
            and shown.store_id = lines.place_id
    left join stores on stores.store_id = lines.place_id
    left join gaps
        on
            gaps.product_id = lines.product_id
            and gaps.store_id = lines.place_id
            and gaps.first_date <= promotions.window_first_date
            and gaps.last_date >= promotions.window_last_date
),

final as (
    select
        promotion_key,
        product_role,
        unit_key,
        arm,
        week_number,
        cast(max(weight) as decimal(18, 9)) as weight,
        cast(sum(sales_amount) as decimal(16, 2)) as sales_amount,
        cast(sum(discount_amount) as decimal(16, 2)) as discount_amount,
        cast(sum(costed_sales_amount) as decimal(16, 2)) as costed_sales_amount,
        cast(sum(margin_amount) as decimal(18, 4)) as margin_amount
    from armed
    where arm is not null
    group by promotion_key, product_role, unit_key, arm, week_number
)

select * from final
