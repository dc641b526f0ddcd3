-- grain: one row per month of issue, contract, type and reward
{{ config(alias='loyalty_reward') }}
with rewards as (
    select
        month_start_date,
        contract,
        reward_type,
        reward_id,
        issued_count,
        customer_count,
        redeemed_count,
        expired_count,
        cancelled_count,
        open_count,
        redemption_rate,
        leakage_rate,
        points,
        value_amount,
        currency,
        redemption_days
    from {{ ref('mart_loyalty__reward') }}
),

final as (
    select * from rewards
)

select * from final
