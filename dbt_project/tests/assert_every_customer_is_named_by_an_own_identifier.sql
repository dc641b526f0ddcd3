-- A customer_key is an identifier that belongs to this very customer, so that every key resolves
-- for ever.
{{ config(meta={'dagster': {'ref': {'name': 'dim_customer'}}}) }}
select customers.customer_key
from {{ ref('dim_customer') }} as customers
left join {{ ref('bridge_customer_identifier') }} as bridge
    on
        bridge.identifier_key = customers.customer_key
        and bridge.customer_key = customers.customer_key
        and bridge.is_usable
where not customers.is_unidentified and bridge.identifier_key is null
