-- grain: one row per piece given to a person: a voucher, sample, service or gift, or a reward taken
{{ config(alias='fct_reward') }}
with rewards as (
    select
        reward_key,
        contract,
        source,
        piece_id,
        customer_key,
        reward_id,
        reward_type,
        campaign_id,
        points,
        value_amount,
        currency,
        issued_at,
        issued_date,
        issued_through,
        staff_id,
        store_id,
        expires_at,
        expires_date,
        redeemed_at,
        redeemed_date,
        order_id,
        state
    from {{ ref('fct_reward') }}
),

final as (
    select * from rewards
)

select * from final
