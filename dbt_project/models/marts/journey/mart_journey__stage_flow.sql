-- grain: one row per month, stage a journey was in and stage it came to
-- Every journey is one way through the nodes: it enters, moves up, stays over a month's end,
-- leaves. Nodes carry their month and stages only rise, so the flow has no cycle; what comes into a
-- node goes out of it, but for who stands there at as_of.
with intervals as (
    select
        customer_key,
        journey_stage,
        valid_from,
        valid_to,
        is_timed_out,
        {{ business_date('valid_from') }} as from_date,
        {{ business_date('valid_to') }} as to_date,
        lag(journey_stage) over (
            partition by customer_key, journey_number
            order by valid_from
        ) as stage_before,
        lead(journey_stage) over (
            partition by customer_key, journey_number
            order by valid_from
        ) as next_stage
    from {{ ref('fct_journey_interval') }}
),

clock as (
    select
        as_of_date,
        {{ day_start(add_days('as_of_date', '1')) }} as end_at
    from {{ ref('int_time__clock') }}
),

bounds as (
    select
        min(intervals.from_date) as first_date,
        max(clock.as_of_date) as last_date
    from intervals
    cross join clock
),

days as (
    {{ day_series('bounds', 'first_date', 'last_date') }}
),

months as (
    select distinct
        {{ month_start('calendar_date') }} as month_start_date,
        {{ month_start(add_days(month_start('calendar_date'), '31')) }} as next_month_date
    from days
),

flows as (
    select
        customer_key,
        {{ month_start('from_date') }} as month_start_date,
        {{ month_start('from_date') }} as to_month_date,
        'entered' as from_stage,
        journey_stage as to_stage,
        cast(null as integer) as dwell_days
    from intervals
    where stage_before is null
    union all
    select
        customer_key,
        {{ month_start('to_date') }} as month_start_date,
        {{ month_start('to_date') }} as to_month_date,
        journey_stage as from_stage,
        case when is_timed_out then 'left' else next_stage end as to_stage,
        {{ days_between('from_date', 'to_date') }} as dwell_days
    from intervals
    where valid_to is not null
    union all
    select
        intervals.customer_key,
        months.month_start_date,
        months.next_month_date as to_month_date,
        intervals.journey_stage as from_stage,
        intervals.journey_stage as to_stage,
        {{ days_between('intervals.from_date', 'months.next_month_date') }} as dwell_days
    from intervals
    cross join clock
    inner join months
        on
            months.next_month_date > intervals.from_date
            and (intervals.to_date is null or months.next_month_date <= intervals.to_date)
            and {{ day_start('months.next_month_date') }} <= clock.end_at
),

counted as (
    select
        month_start_date,
        to_month_date,
        from_stage,
        to_stage,
        count(*) as move_count,
        count(distinct customer_key) as customer_count,
        {{ median('dwell_days') }} as median_dwell_days
    from flows
    group by month_start_date, to_month_date, from_stage, to_stage
),

shared as (
    select
        *,
        sum(move_count) over (partition by month_start_date, from_stage) as from_move_count
    from counted
),

final as (
    select
        shared.month_start_date,
        shared.from_stage,
        shared.to_stage,
        substring({{ cast_text('shared.month_start_date') }}, 1, 7) || ' ' || shared.from_stage
            as from_node,
        substring({{ cast_text('shared.to_month_date') }}, 1, 7) || ' ' || shared.to_stage
            as to_node,
        shared.move_count,
        shared.customer_count,
        {{ share_of('shared.move_count', 'shared.from_move_count') }} as from_share,
        cast(shared.median_dwell_days as decimal(9, 1)) as median_dwell_days,
        clock.as_of_date
    from shared
    cross join clock
)

select * from final
