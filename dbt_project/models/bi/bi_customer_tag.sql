-- grain: one row per customer and tag that is true of them and has not expired
{{ config(alias='customer_tag') }}
with tags as (
    select
        customer_key,
        tag,
        owner,
        meaning,
        rule,
        fact_value,
        since_date,
        confirmed_date,
        expires_date,
        as_of_date
    from {{ ref('mart_customer__tag') }}
),

final as (
    select * from tags
)

select * from final
