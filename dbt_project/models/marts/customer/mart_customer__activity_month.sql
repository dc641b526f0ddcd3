-- grain: one row per month from the first purchase to as_of
-- Who bought in the month, by where they came from; who is awake or dormant at its end (at as_of in
-- the month that is not over).
{%- set kinds = ['new', 'returning', 'resurrected'] %}
with activity as (
    select
        month_start_date,
        count(activity) as active_count,
        {%- for kind in kinds %}
        count(case when activity = '{{ kind }}' then 1 end) as {{ kind }}_count,
        sum(case when activity = '{{ kind }}' then net_sales_amount end)
            as {{ kind }}_net_sales_amount,
        {%- endfor %}
        sum(net_sales_amount) as net_sales_amount
    from {{ ref('ftr_customer__purchase_month') }}
    group by month_start_date
),

standing as (
    select
        {{ month_start('measured_date') }} as month_start_date,
        measured_date,
        is_month_end,
        count(*) as customer_count,
        count(case when recency_days > {{ var('dormant_after_days') }} then 1 end)
            as dormant_count
    from {{ ref('ftr_customer__rfm_measure') }}
    group by measured_date, is_month_end
),

final as (
    select
        standing.month_start_date,
        standing.measured_date as month_end_date,
        standing.is_month_end as is_complete,
        coalesce(activity.active_count, 0) as active_count,
        {%- for kind in kinds %}
        coalesce(activity.{{ kind }}_count, 0) as {{ kind }}_count,
        {%- endfor %}
        standing.customer_count,
        standing.customer_count - standing.dormant_count as awake_count,
        standing.dormant_count,
        {%- for kind in kinds %}
        cast(coalesce(activity.{{ kind }}_net_sales_amount, 0) as decimal(16, 2))
            as {{ kind }}_net_sales_amount,
        {%- endfor %}
        cast(coalesce(activity.net_sales_amount, 0) as decimal(16, 2)) as net_sales_amount,
        '{{ var("currency") }}' as currency
    from standing
    left join activity on activity.month_start_date = standing.month_start_date
)

select * from final
