-- grain: one row per customer and measuring day by which they had bought
-- What value, attrition and potential are made of. The cycle is the customer's own mean gap, drawn
-- towards the brand's (var vap_cycle_prior_gaps) while it rests on few gaps.
{%- set cycle -%}
(
            {{ var('vap_cycle_prior_gaps') }}
            * coalesce(cycles.purchase_cycle_days, {{ var('vap_default_cycle_days') }})
            + {{ days_between('standing.first_order_date', 'standing.last_order_date') }}
        ) / ({{ var('vap_cycle_prior_gaps') }} + standing.purchase_day_count - 1)
{%- endset %}
with days as (
    select
        measured_date,
        is_month_end,
        is_as_of,
        {{ add_days('measured_date', '-' ~ var('vap_window_days')) }} as window_start_date,
        {{ add_days('measured_date', '-' ~ var('vap_horizon_days')) }} as recent_start_date,
        {{ add_days('measured_date', '-2 * ' ~ var('vap_horizon_days')) }} as before_start_date
    from {{ ref('ftr_brand__measuring_day') }}
),

standings as (
    select
        customer_key,
        valid_from,
        valid_to,
        first_order_date,
        last_order_date,
        purchase_day_count,
        net_sales_amount,
        sales_amount,
        costed_sales_amount,
        value_amount
    from {{ ref('ftr_customer__purchase_standing') }}
),

cycles as (
    select
        valid_from,
        valid_to,
        purchase_cycle_days
    from {{ ref('ftr_brand__purchase_cycle') }}
),

beginnings as (
    select
        customer_key,
        first_category
    from {{ ref('ftr_customer__first_purchase') }}
),

measured as (
    select
        standing.customer_key,
        days.measured_date,
        days.is_month_end,
        days.is_as_of,
        coalesce(beginnings.first_category, 'unknown') as first_category,
        {{ days_between('standing.first_order_date', 'days.measured_date') }} as relation_days,
        {{ days_between('standing.last_order_date', 'days.measured_date') }} as recency_days,
        cast({{ cycle }} as decimal(9, 1)) as cycle_days,
        standing.value_amount as value_so_far_amount,
        standing.net_sales_amount - coalesce(window_start.net_sales_amount, 0)
            as net_sales_amount,
        standing.value_amount - coalesce(window_start.value_amount, 0) as value_amount,
        standing.value_amount - coalesce(recent_start.value_amount, 0) as recent_value_amount,
        coalesce(recent_start.value_amount, 0) - coalesce(before_start.value_amount, 0)
            as before_value_amount,
        {{ share_of('standing.costed_sales_amount', 'standing.sales_amount') }} as costed_share
    from days
    inner join standings as standing on {{ in_force('standing', 'days.measured_date') }}
    inner join beginnings on beginnings.customer_key = standing.customer_key
    left join cycles on {{ in_force('cycles', 'days.measured_date') }}
    {{ standing_at('window_start', 'standing.customer_key', 'days.window_start_date') }}
    {{ standing_at('recent_start', 'standing.customer_key', 'days.recent_start_date') }}
    {{ standing_at('before_start', 'standing.customer_key', 'days.before_start_date') }}
    where standing.last_order_date is not null
),

ages as (
    {{ bands_of('relation_days') }}
),

spends as (
    {{ bands_of('spend_amount') }}
),

final as (
    select
        measured.customer_key,
        measured.measured_date,
        measured.is_month_end,
        measured.is_as_of,
        measured.first_category,
        ages.band_number as relation_age_band,
        spends.band_number as spend_band,
        measured.relation_days,
        measured.recency_days,
        measured.cycle_days,
        cast(measured.value_so_far_amount as decimal(16, 2)) as value_so_far_amount,
        cast(measured.net_sales_amount as decimal(16, 2)) as net_sales_amount,
        cast(measured.value_amount as decimal(16, 2)) as value_amount,
        cast(measured.recent_value_amount as decimal(16, 2)) as recent_value_amount,
        cast(measured.before_value_amount as decimal(16, 2)) as before_value_amount,
        measured.costed_share
    from measured
    inner join ages on {{ in_band('ages', 'measured.relation_days') }}
    inner join spends on {{ in_band('spends', 'measured.net_sales_amount') }}
)

select * from final
