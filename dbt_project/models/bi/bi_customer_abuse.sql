-- grain: one row per customer and kind of abuse that they are flagged for
{{ config(alias='customer_abuse') }}
with flags as (
    select
        customer_key,
        kind,
        owner,
        meaning,
        rule,
        fact_value,
        since_date,
        last_date,
        evidence,
        as_of_date
    from {{ ref('mart_customer__abuse') }}
),

final as (
    select * from flags
)

select * from final
