-- grain: one row per customer and trait known of them
with traits as (
    select
        customer_key,
        trait,
        trait_value,
        contract,
        source,
        told_at,
        loaded_at as _loaded_at,
        value_count
    from {{ ref('int_customer__trait') }}
),

final as (
    select * from traits
)

select * from final
