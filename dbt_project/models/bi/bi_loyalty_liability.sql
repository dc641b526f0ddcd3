-- grain: one row per business day, from the first on which points moved
{{ config(alias='loyalty_liability') }}
with days as (
    select
        calendar_date,
        earned_points,
        reversed_points,
        redeemed_points,
        expired_points,
        adjusted_points,
        customer_points,
        undelivered_points,
        liability_points
    from {{ ref('mart_loyalty__liability') }}
),

final as (
    select * from days
)

select * from final
