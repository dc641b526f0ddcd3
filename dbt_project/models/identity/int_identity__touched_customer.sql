-- grain: one row per customer of whom something is told anew
-- Under the old key and the new one: who lost an identifier, who got one, and who has a new record.
-- Where identity is made whole that is everybody.
with former as (
    select customer_key
    from {{ ref('int_identity__former_customer') }}
),

identifiers as (
    select customer_key
    from {{ ref('int_identity__customer_identifier') }}
    where {{ is_touched('identifier_key', 'int_identity__restated_identifier', restates()) }}
),

final as (
    select customer_key from former
    union
    select customer_key from identifiers
)

select * from final
