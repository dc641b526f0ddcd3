-- grain: one row per identifier ever seen and interval in which it belongs to one customer
-- Join events with `valid_from <= event_at and (valid_to is null or event_at < valid_to)`, a former
-- customer_key with `is_first`.
{{ config(**restated_by('int_identity__restated_identifier', ['identifier_key'])) }}
with identifiers as (
    select
        customer_key,
        identifier_key,
        namespace,
        is_strong,
        first_at,
        valid_from,
        valid_to,
        is_first,
        is_held,
        is_usable,
        unusable_reason
    from {{ ref('int_identity__customer_identifier') }}
    where {{ is_touched('identifier_key', 'int_identity__restated_identifier') }}
),

final as (
    select
        customer_key,
        identifier_key,
        namespace,
        is_strong,
        first_at,
        valid_from,
        valid_to,
        is_first,
        valid_to is null as is_current,
        is_held,
        is_usable,
        unusable_reason
    from identifiers
)

select * from final
