-- A link is left out only inside a raw component that breaks a unique rule, and only between two
-- customers who could not be one: together they would hold two values of a unique namespace.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__quarantined_link'}}}) }}
with quarantined as (
    select
        left_key,
        right_key,
        left_customer_key,
        right_customer_key
    from {{ ref('int_identity__quarantined_link') }}
),

unique_values as (
    select
        bridge.customer_key,
        bridge.namespace
    from {{ ref('bridge_customer_identifier') }} as bridge
    inner join {{ ref('int_identity__identifier') }} as identifiers
        on identifiers.identifier_key = bridge.identifier_key
    where bridge.is_usable and identifiers.is_unique
)

select
    quarantined.left_key,
    quarantined.right_key
from quarantined
where
    not exists (
        select 1
        from unique_values as left_value
        inner join unique_values as right_value
            on right_value.namespace = left_value.namespace
        where
            left_value.customer_key = quarantined.left_customer_key
            and right_value.customer_key = quarantined.right_customer_key
    )
