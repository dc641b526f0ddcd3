-- grain: one row per customer whose days of exposure and days of follow-up were both over by as_of
-- On how many channels a customer acted in the first var omni_exposure_days after the first
-- purchase, and what they brought in the var omni_follow_up_days after these. Counting first and
-- following up later keeps the time that it takes to buy often out of the comparison.
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

spans as (
    select
        beginnings.customer_key,
        beginnings.cohort_month_date,
        coalesce(beginnings.first_category, 'unknown') as first_category,
        beginnings.first_order_date,
        {{ add_days('beginnings.first_order_date', var('omni_first_spend_days')) }}
            as first_spend_end_date,
        {{ add_days('beginnings.first_order_date', var('omni_exposure_days')) }}
            as exposure_end_date,
        {{
            add_days(
                'beginnings.first_order_date',
                var('omni_exposure_days') ~ ' + ' ~ var('omni_follow_up_days'),
            )
        }} as follow_up_end_date
    from {{ ref('ftr_customer__first_purchase') }} as beginnings
),

matured as (
    select spans.*
    from spans
    cross join clock
    where spans.follow_up_end_date <= clock.as_of_date
),

touches as (
    select
        customer_key,
        event_date,
        channel
    from {{ ref('fct_event') }}
    where
        engagement in ('interacted', 'tried', 'bought')
        {%- for channel in var('back_office_channels') %}
        and channel <> '{{ channel }}'
        {%- endfor %}
),

exposures as (
    select
        matured.customer_key,
        count(
            distinct case
                when touches.event_date <= matured.exposure_end_date then touches.channel
            end
        ) as channel_count,
        count(case when touches.event_date <= matured.exposure_end_date then 1 end) as touch_count,
        count(case when touches.event_date > matured.exposure_end_date then 1 end)
            as later_touch_count
    from matured
    left join touches
        on
            touches.customer_key = matured.customer_key
            and touches.event_date >= matured.first_order_date
            and touches.event_date <= matured.follow_up_end_date
    group by matured.customer_key
),

standings as (
    select
        customer_key,
        valid_from,
        valid_to,
        order_count,
        net_sales_amount
    from {{ ref('ftr_customer__purchase_standing') }}
),

spends as (
    {{ bands_of('spend_amount') }}
),

followed as (
    select
        matured.customer_key,
        matured.cohort_month_date,
        matured.first_category,
        first_spend.net_sales_amount as first_spend_amount,
        follow_up.net_sales_amount - exposure.net_sales_amount as later_net_sales_amount,
        follow_up.order_count - exposure.order_count as later_order_count
    from matured
    {{ standing_at('first_spend', 'matured.customer_key', 'matured.first_spend_end_date') }}
    {{ standing_at('exposure', 'matured.customer_key', 'matured.exposure_end_date') }}
    {{ standing_at('follow_up', 'matured.customer_key', 'matured.follow_up_end_date') }}
),

final as (
    select
        followed.customer_key,
        followed.cohort_month_date,
        followed.first_category,
        spends.band_number as first_spend_band,
        cast(followed.first_spend_amount as decimal(16, 2)) as first_spend_amount,
        exposures.channel_count,
        exposures.touch_count,
        exposures.later_touch_count,
        followed.later_order_count,
        cast(followed.later_net_sales_amount as decimal(16, 2)) as later_net_sales_amount
    from followed
    inner join exposures on exposures.customer_key = followed.customer_key
    inner join spends on {{ in_band('spends', 'followed.first_spend_amount') }}
)

select * from final
