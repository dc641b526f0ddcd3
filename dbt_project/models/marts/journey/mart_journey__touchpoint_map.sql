-- grain: one row per month, journey stage, channel and touchpoint
-- Where customers meet the brand, and where their journeys begin, lead to the first purchase, and
-- end. Rates are told of the journeys whose outcome is known, so that young months do not look
-- worse.
with cells as (
    select
        customer_key,
        journey_number,
        month_start_date,
        journey_stage,
        channel,
        touchpoint,
        touch_count,
        entry_count,
        conversion_count,
        exit_count,
        last_own_count
    from {{ ref('ftr_customer__journey_touchpoint') }}
),

journeys as (
    select
        customer_key,
        journey_number,
        purchased_at,
        ended_by
    from {{ ref('ftr_customer__journey') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

counted as (
    select
        cells.month_start_date,
        cells.journey_stage,
        cells.channel,
        cells.touchpoint,
        sum(cells.touch_count) as touch_count,
        count(distinct cells.customer_key) as customer_count,
        count(journeys.journey_number) as journey_count,
        count(
            case
                when journeys.purchased_at is not null or journeys.ended_by is not null then 1
            end
        ) as decided_journey_count,
        count(journeys.ended_by) as ended_journey_count,
        sum(cells.entry_count) as entered_count,
        sum(cells.conversion_count) as converted_count,
        sum(cells.exit_count) as left_count,
        sum(cells.last_own_count) as last_own_count
    from cells
    left join journeys
        on
            journeys.customer_key = cells.customer_key
            and journeys.journey_number = cells.journey_number
    group by
        cells.month_start_date,
        cells.journey_stage,
        cells.channel,
        cells.touchpoint
),

shared as (
    select
        *,
        sum(entered_count) over (partition by month_start_date) as month_entered_count
    from counted
),

final as (
    select
        shared.month_start_date,
        shared.journey_stage,
        shared.channel,
        shared.touchpoint,
        cast(shared.touch_count as bigint) as touch_count,
        shared.customer_count,
        shared.journey_count,
        shared.decided_journey_count,
        shared.ended_journey_count,
        cast(shared.entered_count as bigint) as entered_count,
        cast(shared.converted_count as bigint) as converted_count,
        cast(shared.left_count as bigint) as left_count,
        cast(shared.last_own_count as bigint) as last_own_count,
        {{ share_of('shared.entered_count', 'shared.month_entered_count') }} as entry_share,
        {{ share_of('shared.converted_count', 'shared.decided_journey_count') }}
            as conversion_rate,
        {{ share_of('shared.left_count', 'shared.ended_journey_count') }} as leaving_rate,
        clock.as_of_date
    from shared
    cross join clock
)

select * from final
