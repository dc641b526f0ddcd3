-- What came is used, expired or left, lot by lot; and what is left on a member id is its balance,
-- which may be below that only by what left beyond all that came.
{{ config(meta={'dagster': {'ref': {'name': 'fct_points_lot'}}}) }}
with lots as (
    select
        identifier_key,
        sum(points) as came_points,
        sum(used_points) as used_points,
        sum(expired_points) as expired_points,
        sum(remaining_points) as remaining_points,
        max(case when expired_points > 0 and not is_due then 1 else 0 end) as early_rank,
        max(case when remaining_points > 0 and is_due then 1 else 0 end) as late_rank
    from {{ ref('fct_points_lot') }}
    group by identifier_key
),

balances as (
    select
        identifier_key,
        sum(points) as balance_points
    from {{ ref('fct_points_posting') }}
    where account = 'customer'
    group by identifier_key
)

select
    balances.identifier_key,
    balances.balance_points,
    lots.remaining_points
from balances
left join lots on lots.identifier_key = balances.identifier_key
where
    coalesce(lots.remaining_points, 0) <> greatest(balances.balance_points, 0)
    or lots.came_points <> lots.used_points + lots.expired_points + lots.remaining_points
    or lots.early_rank = 1
    or lots.late_rank = 1
