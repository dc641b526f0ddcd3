-- A refund of spent points, a reward or a booking by hand may lead below zero; nothing else may.
{{ config(meta={'dagster': {'ref': {'name': 'fct_points_balance'}}}) }}
select
    identifier_key,
    valid_from,
    balance_points
from {{ ref('fct_points_balance') }}
where balance_points < 0 and overdrawn_reason is null
