-- grain: one row per identifier ever seen
with identifiers as (
    select
        customer_key,
        identifier_key,
        namespace,
        first_at,
        is_usable,
        unusable_reason
    from {{ ref('int_identity__customer_identifier') }}
),

final as (
    select
        customer_key,
        identifier_key,
        namespace,
        first_at as valid_from,
        cast(null as {{ type_moment() }}) as valid_to,
        true as is_current,
        is_usable,
        unusable_reason
    from identifiers
)

select * from final
