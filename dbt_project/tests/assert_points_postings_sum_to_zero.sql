-- Points go from one account to another: the sides of every transaction sum to zero.
{{ config(meta={'dagster': {'ref': {'name': 'fct_points_posting'}}}) }}
select
    transaction_key,
    sum(points) as points,
    count(*) as side_count
from {{ ref('fct_points_posting') }}
group by transaction_key
having sum(points) <> 0 or count(*) <> 2
