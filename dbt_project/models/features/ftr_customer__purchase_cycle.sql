-- grain: one row per customer who bought
-- The days that usually lie between two purchase days of this customer, and when the next one is
-- due.
with purchase_days as (
    select
        customer_key,
        order_date,
        gap_days
    from {{ ref('ftr_customer__purchase_day') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

brand_cycles as (
    select
        cycle.purchase_cycle_days,
        clock.as_of_date
    from clock
    left join {{ ref('ftr_brand__purchase_cycle') }} as cycle
        on
            cycle.valid_from <= clock.as_of_date
            and (cycle.valid_to is null or cycle.valid_to > clock.as_of_date)
),

rhythms as (
    select
        customer_key,
        count(*) as purchase_day_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        cast({{ median('gap_days') }} as decimal(9, 1)) as median_gap_days
    from purchase_days
    group by customer_key
),

cycles as (
    select
        rhythms.customer_key,
        rhythms.purchase_day_count,
        rhythms.first_order_date,
        rhythms.last_order_date,
        brand_cycles.as_of_date,
        case
            when rhythms.purchase_day_count >= {{ var('purchase_cycle_minimum_days') }}
                then rhythms.median_gap_days
            else cast(brand_cycles.purchase_cycle_days as decimal(9, 1))
        end as purchase_cycle_days,
        case
            when rhythms.purchase_day_count >= {{ var('purchase_cycle_minimum_days') }} then 'own'
            when brand_cycles.purchase_cycle_days is not null then 'brand'
        end as cycle_source
    from rhythms
    cross join brand_cycles
),

expected as (
    select
        *,
        {{ add_days('last_order_date', 'ceil(purchase_cycle_days)') }} as next_expected_order_date,
        {{ days_between('last_order_date', 'as_of_date') }} as recency_days
    from cycles
),

final as (
    select
        customer_key,
        as_of_date,
        purchase_day_count,
        first_order_date,
        last_order_date,
        recency_days,
        purchase_cycle_days,
        cycle_source,
        next_expected_order_date,
        greatest(
            {{ days_between('next_expected_order_date', 'as_of_date') }}, 0
        ) as days_overdue,
        coalesce(
            recency_days > purchase_cycle_days * {{ var('purchase_cycle_tolerance') }}
            and recency_days > {{ var('purchase_cycle_minimum_silence_days') }},
            false
        ) as is_overdue
    from expected
)

select * from final
