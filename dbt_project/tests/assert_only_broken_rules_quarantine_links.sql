-- A link is left out only between two customers who could not be one: together they would hold two
-- values of a unique namespace, or both ends of a refusal.
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
),

refused as (
    select
        left_end.customer_key as one_customer_key,
        right_end.customer_key as other_customer_key
    from {{ ref('int_identity__refusal') }} as refusals
    inner join {{ ref('int_identity__strong_identifier') }} as left_end
        on left_end.identifier_key = refusals.left_key
    inner join {{ ref('int_identity__strong_identifier') }} as right_end
        on right_end.identifier_key = refusals.right_key
)

select
    quarantined.left_key,
    quarantined.right_key
from quarantined
where
    not exists (
        select 1
        from refused
        where
            (
                refused.one_customer_key = quarantined.left_customer_key
                and refused.other_customer_key = quarantined.right_customer_key
            )
            or (
                refused.one_customer_key = quarantined.right_customer_key
                and refused.other_customer_key = quarantined.left_customer_key
            )
    )
    and not exists (
        select 1
        from unique_values as left_value
        inner join unique_values as right_value
            on right_value.namespace = left_value.namespace
        where
            left_value.customer_key = quarantined.left_customer_key
            and right_value.customer_key = quarantined.right_customer_key
    )
