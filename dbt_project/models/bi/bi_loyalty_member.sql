-- grain: one row per customer with a member id
{{ config(alias='loyalty_member') }}
with members as (
    select
        customer_key,
        as_of_date,
        joined_date,
        member_count,
        balance_points,
        earned_points,
        reversed_points,
        redeemed_points,
        expired_points,
        adjusted_points,
        first_earned_date,
        last_redeemed_date,
        next_expires_date,
        next_expiring_points,
        is_never_redeemed,
        tier,
        tier_rank,
        tier_since_date,
        tier_reason,
        tier_judged_date,
        window_amount,
        next_tier,
        spend_to_next_tier_amount,
        spend_to_keep_tier_amount,
        currency,
        open_reward_count,
        referred_count
    from {{ ref('mart_loyalty__member') }}
),

final as (
    select * from members
)

select * from final
