-- grain: one row per customer and trait known of them
with traits as (
    select
        customer_key,
        trait,
        trait_value,
        contract,
        source,
        told_at,
        _loaded_at,
        value_count
    from {{ ref('ftr_customer__trait') }}
),

final as (
    select * from traits
)

select * from final
