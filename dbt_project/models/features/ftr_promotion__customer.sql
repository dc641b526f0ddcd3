-- grain: one row per campaign with vouchers and customer: reached, or alike and not reached
-- Alike: in the same band (seeds/customer_bands.csv) of spend in the compared weeks, of weeks with
-- a purchase among them, and of days since the last purchase before. Of each kind those not
-- reached are weighed to as many as were. Who was reached and has nobody alike is set aside.
with campaigns as (
    select
        promotion_key,
        promotion_id as campaign_id,
        start_date,
        end_date,
        {{ add_days('start_date', '-' ~ var('promotion_active_days')) }} as active_from_date
    from {{ ref('ftr_promotion__promotion') }}
    where comparison_unit = 'customer'
),

weeks as (
    select
        promotion_key,
        week_number,
        first_date,
        last_date
    from {{ ref('ftr_promotion__week') }}
    where week_number < 0
),

orders as (
    select
        customer_key,
        order_date,
        sum(sales_amount) as sales_amount
    from {{ ref('fct_order') }}
    where customer_key <> {{ unidentified() }}
    group by customer_key, order_date
),

exposures as (
    select distinct
        campaigns.promotion_key,
        messages.customer_key
    from {{ ref('int_event__sent_message') }} as messages
    inner join campaigns on campaigns.campaign_id = messages.campaign_id
    where {{ business_date('messages.event_at') }} <= campaigns.end_date
),

measured as (
    select
        campaigns.promotion_key,
        orders.customer_key,
        {{ days_between('max(orders.order_date)', 'campaigns.start_date') }} as silence_days,
        count(distinct weeks.week_number) as week_count,
        coalesce(
            sum(case when weeks.week_number is not null then orders.sales_amount end), 0
        ) as spend_amount
    from campaigns
    inner join orders
        on
            orders.order_date >= campaigns.active_from_date
            and orders.order_date < campaigns.start_date
    left join weeks
        on
            weeks.promotion_key = campaigns.promotion_key
            and orders.order_date between weeks.first_date and weeks.last_date
    group by campaigns.promotion_key, campaigns.start_date, orders.customer_key
),

spends as (
    {{ bands_of('promotion_spend_amount') }}
),

frequencies as (
    {{ bands_of('promotion_week_count') }}
),

silences as (
    {{ bands_of('promotion_silence_days') }}
),

grouped as (
    select
        measured.promotion_key,
        measured.customer_key,
        spends.band_number * 10000 + frequencies.band_number * 100 + silences.band_number as kind
    from measured
    inner join spends on {{ in_band('spends', 'measured.spend_amount') }}
    inner join frequencies on {{ in_band('frequencies', 'measured.week_count') }}
    inner join silences on {{ in_band('silences', 'measured.silence_days') }}
),

everybody as (
    select
        coalesce(exposures.promotion_key, grouped.promotion_key) as promotion_key,
        coalesce(exposures.customer_key, grouped.customer_key) as customer_key,
        grouped.kind,
        case when exposures.customer_key is not null then 1 else 0 end as reached
    from grouped
    full join exposures
        on
            exposures.promotion_key = grouped.promotion_key
            and exposures.customer_key = grouped.customer_key
),

counted as (
    select
        promotion_key,
        customer_key,
        kind,
        reached,
        sum(reached) over (partition by promotion_key, kind) as reached_count,
        sum(1 - reached) over (partition by promotion_key, kind) as other_count
    from everybody
),

final as (
    select
        promotion_key,
        customer_key,
        case
            when reached = 0 then 'comparison'
            when kind is null or other_count = 0 then 'set_aside'
            else 'exposed'
        end as arm,
        cast(
            case
                when reached = 0 then cast(reached_count as decimal(18, 9)) / other_count
                else 1
            end as decimal(18, 9)
        ) as weight
    from counted
    where reached = 1 or reached_count > 0
)

select * from final
