-- grain: one row per member id and moment at which its points moved
-- Below zero only by what may lead there: a refund of points already spent, a reward or a booking
-- by hand beyond the balance. `overdrawn_by` names the transaction of that moment that did.
with postings as (
    select
        identifier_key,
        customer_key,
        entry_kind,
        posted_at,
        points
    from {{ ref('fct_points_posting') }}
    where account = 'customer'
),

moments as (
    select
        identifier_key,
        customer_key,
        posted_at,
        sum(points) as points,
        min(case when points < 0 then entry_kind end) as first_taker,
        max(case when points < 0 then entry_kind end) as last_taker
    from postings
    group by identifier_key, customer_key, posted_at
),

running as (
    select
        *,
        sum(points) over (
            partition by identifier_key
            order by posted_at
            rows between unbounded preceding and current row
        ) as balance_points
    from moments
),

marked as (
    select
        *,
        case
            when balance_points >= 0 or balance_points - points < 0 then null
            when first_taker = 'expire' then last_taker
            else first_taker
        end as overdrawn_by,
        sum(
            case when balance_points < 0 and balance_points - points >= 0 then 1 else 0 end
        ) over (
            partition by identifier_key
            order by posted_at
            rows between unbounded preceding and current row
        ) as overdraft_number
    from running
),

named as (
    select
        *,
        max(overdrawn_by) over (partition by identifier_key, overdraft_number) as last_overdrawn_by
    from marked
),

final as (
    select
        identifier_key,
        customer_key,
        posted_at as valid_from,
        lead(posted_at) over (partition by identifier_key order by posted_at) as valid_to,
        cast(points as bigint) as moved_points,
        cast(balance_points as bigint) as balance_points,
        case
            when balance_points >= 0 then null
            when last_overdrawn_by = 'reverse' then 'refund of points already spent'
            when last_overdrawn_by = 'redeem' then 'reward beyond the balance'
            when last_overdrawn_by = 'adjust' then 'booked by hand beyond the balance'
        end as overdrawn_reason
    from named
)

select * from final
