-- grain: one row per customer and kind of abuse that they are flagged for
-- A flag holds while the window up to the last day holds enough; it goes by itself when it does
-- not. Any past day can be asked: flags are computed from dated facts, not kept.
with rules as (
    {{ brand_rows(ref('abuse_rules'), key=['kind']) }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

facts as (
    select
        customer_key,
        fact,
        fact_date,
        fact_value
    from {{ ref('ftr_customer__abuse') }}
),

measured as (
    select
        facts.customer_key,
        rules.kind,
        rules.owner,
        rules.meaning,
        rules.fact,
        rules.threshold,
        rules.window_days,
        case rules.fact
            when 'largest_order_quantity' then max(facts.fact_value)
            else sum(facts.fact_value)
        end as fact_value,
        min(facts.fact_date) as since_date,
        max(facts.fact_date) as last_date,
        clock.as_of_date
    from rules
    inner join facts on facts.fact = rules.fact
    cross join clock
    where
        facts.fact_date > {{ add_days('clock.as_of_date', '-rules.window_days') }}
        and (rules.fact <> 'largest_order_quantity' or facts.fact_value >= rules.threshold)
    group by
        facts.customer_key, rules.kind, rules.owner, rules.meaning, rules.fact, rules.threshold,
        rules.window_days, clock.as_of_date
),

final as (
    select
        customer_key,
        kind,
        owner,
        meaning,
        fact || ' at least ' || threshold || ' in ' || window_days || ' days' as rule,
        cast(fact_value as bigint) as fact_value,
        since_date,
        last_date,
        case fact
            when 'sample_count' then fact_value || ' samples'
            when 'manual_entry_count' then fact_value || ' bookings of points by hand, no order'
            when 'largest_order_quantity' then 'up to ' || fact_value || ' items in one order'
            when 'foreign_recipient_order_count' then fact_value || ' orders sent to others'
            when 'staff_order_count' then fact_value || ' orders on the member id of staff'
        end || ' from ' || since_date || ' to ' || last_date as evidence,
        as_of_date
    from measured
    where fact_value >= threshold
)

select * from final
