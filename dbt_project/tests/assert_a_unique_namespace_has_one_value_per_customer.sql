-- Two member ids are two customers, whatever links them.
{{ config(meta={'dagster': {'ref': {'name': 'bridge_customer_identifier'}}}) }}
select
    bridge.customer_key,
    bridge.namespace,
    count(distinct bridge.identifier_key) as value_count
from {{ ref('bridge_customer_identifier') }} as bridge
inner join {{ ref('int_identity__identifier') }} as identifiers
    on identifiers.identifier_key = bridge.identifier_key
where identifiers.is_usable and identifiers.is_unique
group by bridge.customer_key, bridge.namespace
having count(distinct bridge.identifier_key) > 1
