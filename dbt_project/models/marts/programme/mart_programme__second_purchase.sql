-- grain: one row per cohort month, purchase number and window
-- Who had a whole window to take the step is matured; the conversion rate is told of them alone, so
-- that young cohorts do not look worse than they are.
with windows as (
    {{ brand_rows(ref('purchase_windows'), key=['purchase_number', 'window_days']) }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

steps as (
    select
        customer_key,
        purchase_number,
        cohort_month_date,
        step_start_date,
        purchase_date,
        step_days
    from {{ ref('ftr_customer__purchase_step') }}
),

judged as (
    select
        steps.purchase_number,
        steps.cohort_month_date,
        windows.window_days,
        steps.step_days,
        steps.purchase_date,
        {{ add_days('steps.step_start_date', 'windows.window_days') }} <= clock.as_of_date
            as is_matured,
        coalesce(steps.step_days <= windows.window_days, false) as is_converted,
        clock.as_of_date
    from steps
    inner join windows on windows.purchase_number = steps.purchase_number
    cross join clock
),

counted as (
    select
        cohort_month_date,
        purchase_number,
        window_days,
        as_of_date,
        count(*) as customer_count,
        count(purchase_date) as bought_count,
        count(case when is_converted then 1 end) as converted_count,
        count(case when is_matured then 1 end) as matured_count,
        count(case when is_matured and is_converted then 1 end) as matured_converted_count,
        {{ median('step_days') }} as median_step_days
    from judged
    group by cohort_month_date, purchase_number, window_days, as_of_date
),

final as (
    select
        cohort_month_date,
        purchase_number,
        cast(window_days as integer) as window_days,
        customer_count,
        bought_count,
        converted_count,
        matured_count,
        matured_converted_count,
        {{ share_of('matured_converted_count', 'matured_count') }} as conversion_rate,
        cast(median_step_days as decimal(9, 1)) as median_step_days,
        as_of_date
    from counted
)

select * from final
