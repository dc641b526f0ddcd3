-- Nobody holds a tier beyond the day on which it had to be judged, and intervals of a customer
-- follow one another (var loyalty_tier_years says how many years are judged).
{{ config(meta={'dagster': {'ref': {'name': 'fct_tier_interval'}}}) }}
with clock as (
    select {{ day_start(add_days('as_of_date', '1')) }} as ends_at
    from {{ ref('int_time__clock') }}
)

select
    tiers.customer_key,
    tiers.valid_from,
    tiers.granted_until_at
from {{ ref('fct_tier_interval') }} as tiers
cross join clock
where
    coalesce(tiers.valid_to, clock.ends_at) > tiers.granted_until_at
    or tiers.valid_to <= tiers.valid_from
