-- grain: one row per promotion and product or category that it is about, as told
-- Of the calendar of promotions, where a row without product and category is about everything, and
-- of campaigns by what their vouchers are good for.
{{ config(materialized='view') }}
with calendar as (
    select distinct
        promotion_id,
        promotion_name,
        mechanism,
        channel,
        product_id,
        category,
        {{ business_date('starts_at') }} as start_date,
        {{ business_date('ends_at') }} as end_date
    from {{ ref('stg_promotion__promotion') }}
),

offers as (
    select distinct
        campaign_id,
        product_id
    from {{ ref('stg_voucher__offer') }}
),

final as (
    select
        'calendar' as promotion_type,
        promotion_id,
        promotion_name,
        mechanism,
        channel,
        product_id,
        category,
        start_date,
        end_date
    from calendar
    union all
    select
        'campaign' as promotion_type,
        campaign_id as promotion_id,
        cast(null as {{ type_text() }}) as promotion_name,
        'voucher' as mechanism,
        cast(null as {{ type_text() }}) as channel,
        product_id,
        cast(null as {{ type_text() }}) as category,
        cast(null as date) as start_date,
        cast(null as date) as end_date
    from offers
)

select * from final
