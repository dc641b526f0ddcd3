-- grain: one row per customer and trait known of them
-- Who said it and when, for coverage and age of what is known; never the value itself.
{{ config(alias='customer_trait') }}
with traits as (
    select
        customer_key,
        trait,
        contract,
        source,
        told_at,
        _loaded_at,
        value_count
    from {{ ref('mart_customer__trait') }}
),

final as (
    select * from traits
)

select * from final
