-- grain: one row per promotion that has begun
-- Of the calendar of promotions, of campaigns that hand out vouchers, and of what stores show: a
-- category, from one day to another, by one tool. A campaign lasts until its last voucher expired.
-- A calendar that names several channels is taken as holding everywhere.
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

subjects as (
    select
        promotion_type,
        promotion_id,
        promotion_name,
        mechanism,
        channel,
        product_id,
        category,
        start_date,
        end_date
    from {{ ref('int_promotion__subject') }}
),

calendar as (
    select
        promotion_id,
        min(promotion_name) as promotion_name,
        min(mechanism) as mechanism,
        case
            when count(channel) = count(*) and count(distinct channel) = 1 then min(channel)
        end as channel,
        case when count(distinct category) = 1 then min(category) end as category,
        min(start_date) as start_date,
        max(end_date) as end_date,
        count(product_id) + count(category) = 0 as is_whole_assortment
    from subjects
    where promotion_type = 'calendar'
    group by promotion_id
),

offers as (
    select
        promotion_id as campaign_id,
        count(*) as product_count
    from subjects
    where promotion_type = 'campaign'
    group by promotion_id
),

pieces as (
    select
        campaign_id,
        max(expires_date) as expires_date
    from {{ ref('fct_reward') }}
    where campaign_id is not null
    group by campaign_id
),

campaigns as (
    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.campaign_type,
        campaigns.channel,
        campaigns.start_date,
        greatest(campaigns.end_date, pieces.expires_date) as end_date,
        offers.campaign_id is null as is_whole_assortment
    from {{ ref('dim_campaign') }} as campaigns
    left join offers on offers.campaign_id = campaigns.campaign_id
    left join pieces on pieces.campaign_id = campaigns.campaign_id
    where
        campaigns.start_date is not null
        and campaigns.end_date is not null
        and (offers.campaign_id is not null or pieces.campaign_id is not null)
),

placements as (
    select distinct
        placements.promotion_type,
        coalesce(products.category, 'unknown') as category,
        placements.start_date,
        placements.end_date
    from {{ ref('int_promotion__placement') }} as placements
    left join {{ ref('dim_product') }} as products on products.product_id = placements.product_id
),

promotions as (
    select
        {{ stable_hash(["'calendar'", 'promotion_id']) }} as promotion_key,
        'calendar' as promotion_type,
        'place' as comparison_unit,
        promotion_id,
        promotion_name,
        mechanism,
        channel,
        category,
        start_date,
        end_date,
        is_whole_assortment
    from calendar
    union all
    select
        {{ stable_hash(["'campaign'", 'campaign_id']) }} as promotion_key,
        'campaign' as promotion_type,
        'customer' as comparison_unit,
        campaign_id as promotion_id,
        campaign_name as promotion_name,
        campaign_type as mechanism,
        channel,
        cast(null as {{ type_text() }}) as category,
        start_date,
        end_date,
        is_whole_assortment
    from campaigns
    union all
    select
        {{ stable_hash(['promotion_type', 'category', 'start_date', 'end_date']) }}
            as promotion_key,
        promotion_type,
        'place' as comparison_unit,
        cast(null as {{ type_text() }}) as promotion_id,
        cast(null as {{ type_text() }}) as promotion_name,
        'placement' as mechanism,
        'store' as channel,
        category,
        start_date,
        end_date,
        false as is_whole_assortment
    from placements
),

final as (
    select
        promotions.*,
        {{ add_days('promotions.start_date', -7 * var('promotion_lookback_weeks') | int(1)) }}
            as window_first_date,
        {{ add_days('promotions.end_date', 7 * var('promotion_after_weeks') | int(1)) }}
            as window_last_date
    from promotions
    cross join clock
    where promotions.start_date <= clock.as_of_date
)

select * from final
