-- The points outstanding at the end of the last day are those of the members and of undelivered
-- rewards, and the members' are what the lots have left less what was overdrawn.
{{ config(meta={'dagster': {'ref': {'name': 'mart_loyalty__liability'}}}) }}
with last_day as (
    select
        liability_points,
        row_number() over (order by calendar_date desc) as day_rank
    from {{ ref('mart_loyalty__liability') }}
),

ledger as (
    select sum(points) as points
    from {{ ref('fct_points_posting') }}
    where account in ('customer', 'liability')
)

select
    last_day.liability_points,
    ledger.points
from last_day
cross join ledger
where last_day.day_rank = 1 and last_day.liability_points <> ledger.points
