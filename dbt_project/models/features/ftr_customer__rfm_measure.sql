-- grain: one row per customer and measuring day by which they had bought
-- Recency over all history; orders and money within the windows of seeds/rfm_rules.csv, each by its
-- own day: what was paid in the window less what was given back in it.
with days as (
    select
        measured_date,
        is_month_end,
        is_as_of
    from {{ ref('ftr_brand__measuring_day') }}
),

rules as (
    {{ brand_rows(ref('rfm_rules'), key=['measure']) }}
),

windows as (
    select
        min(case when measure = 'frequency' then window_days end) as frequency_days,
        min(case when measure = 'monetary' then window_days end) as monetary_days
    from rules
),

starts as (
    select
        days.measured_date,
        days.is_month_end,
        days.is_as_of,
        {{ add_days('days.measured_date', '-windows.frequency_days') }} as frequency_start_date,
        {{ add_days('days.measured_date', '-windows.monetary_days') }} as monetary_start_date
    from days
    cross join windows
),

standings as (
    select
        customer_key,
        valid_from,
        valid_to,
        last_order_date,
        order_count,
        net_sales_amount
    from {{ ref('ftr_customer__purchase_standing') }}
),

final as (
    select
        standings.customer_key,
        starts.measured_date,
        starts.is_month_end,
        starts.is_as_of,
        standings.last_order_date,
        {{ days_between('standings.last_order_date', 'starts.measured_date') }} as recency_days,
        standings.order_count - coalesce(orders_before.order_count, 0) as order_count,
        cast(
            standings.net_sales_amount - coalesce(sales_before.net_sales_amount, 0)
            as decimal(16, 2)
        ) as net_sales_amount
    from starts
    inner join standings on {{ in_force('standings', 'starts.measured_date') }}
    {{ standing_at('orders_before', 'standings.customer_key', 'starts.frequency_start_date') }}
    {{ standing_at('sales_before', 'standings.customer_key', 'starts.monetary_start_date') }}
    where standings.last_order_date is not null
)

select * from final
