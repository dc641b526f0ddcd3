-- grain: one row per lot: points that came to a member id by one movement
-- First in, first out: whatever leaves takes the points that expire first, of these the oldest. The
-- lots of a member id stand in that order on one line; `points_upto` is where a lot ends on it. By
-- its due day a lot has lost what has left so far; if that does not reach its end, the rest
-- expires, and everything that leaves later begins behind it. So what has expired by then is the
-- greatest shortfall of any lot due so far: a running maximum, and no step needs the one before.
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

movements as (
    select
        movement_key,
        entry_kind,
        identifier_key,
        customer_key,
        posted_at,
        posted_date,
        points,
        expires_date
    from {{ ref('fct_points_movement') }}
),

lots as (
    select
        movements.*,
        coalesce(movements.expires_date <= clock.as_of_date, false) as is_due,
        row_number() over (
            partition by movements.identifier_key
            order by
                case when movements.expires_date is null then 1 else 0 end,
                movements.expires_date,
                movements.posted_at,
                movements.movement_key
        ) as lot_number
    from movements
    cross join clock
    where movements.points > 0
),

lined_up as (
    select
        *,
        sum(points) over (
            partition by identifier_key
            order by lot_number
            rows between unbounded preceding and current row
        ) as points_upto
    from lots
),

days as (
    select
        identifier_key,
        posted_date as happened_date,
        0 as happening_rank,
        -points as left_points,
        cast(null as bigint) as lot_number
    from movements
    where points < 0
    union all
    select
        identifier_key,
        expires_date as happened_date,
        1 as happening_rank,
        0 as left_points,
        lot_number
    from lots
),

left_by_then as (
    select
        identifier_key,
        lot_number,
        sum(left_points) over (
            partition by identifier_key
            order by happened_date, happening_rank
            range between unbounded preceding and current row
        ) as left_points,
        sum(left_points) over (partition by identifier_key) as all_left_points
    from days
),

expired as (
    select
        lined_up.*,
        left_by_then.all_left_points,
        max(
            case
                when lined_up.is_due
                    then greatest(lined_up.points_upto - left_by_then.left_points, 0)
                else 0
            end
        ) over (
            partition by lined_up.identifier_key
            order by lined_up.lot_number
            rows between unbounded preceding and current row
        ) as expired_upto
    from lined_up
    inner join left_by_then
        on
            left_by_then.identifier_key = lined_up.identifier_key
            and left_by_then.lot_number = lined_up.lot_number
),

gone as (
    select
        *,
        lag(expired_upto, 1, 0) over (
            partition by identifier_key
            order by lot_number
        ) as expired_before,
        max(expired_upto) over (partition by identifier_key) as all_expired_points
    from expired
),

reached as (
    select
        *,
        expired_upto - expired_before as expired_points,
        least(
            greatest(
                all_left_points + all_expired_points - (points_upto - points), 0
            ),
            points
        ) as gone_points
    from gone
),

final as (
    select
        movement_key,
        entry_kind,
        identifier_key,
        customer_key,
        cast(lot_number as integer) as lot_number,
        posted_at,
        posted_date,
        expires_date,
        is_due,
        points,
        cast(gone_points - expired_points as bigint) as used_points,
        cast(expired_points as bigint) as expired_points,
        cast(points - gone_points as bigint) as remaining_points
    from reached
)

select * from final
