-- grain: one row per identified customer, kind of thing and thing they have shown interest in
{{ config(alias='customer_affinity') }}
with told as (
    select
        customer_key,
        kind,
        interest,
        sign_count,
        last_sign_date,
        affinity_score,
        affinity_share,
        affinity_rank,
        as_of_date
    from {{ ref('mart_customer__affinity') }}
),

final as (
    select * from told
)

select * from final
