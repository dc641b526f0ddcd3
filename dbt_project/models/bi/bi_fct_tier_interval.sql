-- grain: one row per customer and moment from which a tier is held, for a reason
{{ config(alias='fct_tier_interval') }}
with tiers as (
    select
        customer_key,
        tier,
        tier_rank,
        valid_from,
        valid_to,
        is_current,
        reason,
        rank_before,
        qualifying_amount,
        granted_until_at
    from {{ ref('fct_tier_interval') }}
),

final as (
    select * from tiers
)

select * from final
