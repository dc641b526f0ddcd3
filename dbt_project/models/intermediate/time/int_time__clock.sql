-- grain: one row
-- The day up to which everything is told: var as_of, else the newest day of the contracts that
-- advance the clock.
with orders as (
    select max(order_date) as newest_date
    from {{ ref('int_order__basket') }}
),

redemptions as (
    select max(redeemed_date) as newest_date
    from {{ ref('stg_voucher__redemption') }}
),

final as (
    select
        {{
            as_of_or('greatest(orders.newest_date, redemptions.newest_date)')
        }} as as_of_date
    from orders
    cross join redemptions
)

select * from final
