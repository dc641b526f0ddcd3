-- Who was active in a month is new, returning or resurrected; who ever bought is awake or dormant,
-- and was new once; every purchaser is in one cohort, active in its first month; cohorts and months
-- tell the money that the customers' receipts and refunds tell.
{{ config(meta={'dagster': {'ref': {'name': 'mart_customer__activity_month'}}}) }}
with months as (
    select
        month_start_date,
        active_count,
        new_count + returning_count + resurrected_count as active_by_kind_count,
        customer_count,
        awake_count + dormant_count as customer_by_state_count,
        sum(new_count) over (order by month_start_date) as ever_new_count
    from {{ ref('mart_customer__activity_month') }}
),

cohorts as (
    select
        sum(case when months_since_first = 0 then customer_count end) as customer_count,
        sum(case when months_since_first = 0 then active_count end) as first_active_count,
        sum(active_count) as active_count,
        sum(net_sales_amount) as net_sales_amount
    from {{ ref('mart_customer__cohort_retention') }}
),

totals as (
    select
        coalesce(sum(active_count), 0) as active_count,
        coalesce(sum(net_sales_amount), 0) as net_sales_amount
    from {{ ref('mart_customer__activity_month') }}
),

buyers as (
    select count(distinct customer_key) as customer_count
    from {{ ref('fct_order') }}
    where customer_key <> {{ unidentified() }}
),

money as (
    select coalesce(sum(net_sales_amount), 0) as net_sales_amount
    from {{ ref('mart_customer__single_view') }}
    where not is_unidentified
)

select 'month ' || {{ cast_text('month_start_date') }} as what
from months
where
    active_count <> active_by_kind_count
    or customer_count <> customer_by_state_count
    or customer_count <> ever_new_count
union all
select 'cohorts' as what
from cohorts
cross join totals
cross join buyers
cross join money
where
    coalesce(cohorts.customer_count, 0) <> buyers.customer_count
    or coalesce(cohorts.first_active_count, 0) <> buyers.customer_count
    or coalesce(cohorts.active_count, 0) <> totals.active_count
    or coalesce(cohorts.net_sales_amount, 0) <> money.net_sales_amount
    or totals.net_sales_amount <> money.net_sales_amount
