-- Each identifier ever seen has exactly one first row, and its customer exists.
{{ config(meta={'dagster': {'ref': {'name': 'bridge_customer_identifier'}}}) }}
with sightings as (
    select distinct identifier_key
    from {{ ref('int_identity__sighting') }}
),

owned as (
    select
        bridge.identifier_key,
        count(*) as owner_count,
        count(customers.customer_key) as known_owner_count
    from {{ ref('bridge_customer_identifier') }} as bridge
    left join {{ ref('dim_customer') }} as customers
        on customers.customer_key = bridge.customer_key
    where bridge.is_first
    group by bridge.identifier_key
)

select
    coalesce(sightings.identifier_key, owned.identifier_key) as identifier_key,
    owned.owner_count,
    owned.known_owner_count
from sightings
full outer join owned on owned.identifier_key = sightings.identifier_key
where
    sightings.identifier_key is null
    or owned.identifier_key is null
    or owned.owner_count <> 1
    or owned.known_owner_count <> 1
