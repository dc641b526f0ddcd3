-- grain: one row per customer with a member id
{%- set points = [
    'joined_date', 'member_count', 'balance_points', 'earned_points', 'reversed_points',
    'redeemed_points', 'expired_points', 'adjusted_points', 'first_earned_date',
    'last_redeemed_date', 'next_expires_date', 'next_expiring_points',
] %}
{%- set tier = [
    'tier', 'tier_rank', 'tier_since_date', 'tier_reason', 'tier_judged_date', 'window_amount',
    'next_tier', 'spend_to_next_tier_amount', 'spend_to_keep_tier_amount',
] %}
with accounts as (
    select
        customer_key,
        {{ points | join(',\n        ') }}
    from {{ ref('ftr_customer__points') }}
),

tiers as (
    select
        customer_key,
        {{ tier | join(',\n        ') }}
    from {{ ref('ftr_customer__tier') }}
),

members as (
    select
        identifier_key,
        customer_key,
        referrer_identifier_key
    from {{ ref('dim_member') }}
),

referrals as (
    select
        referrers.customer_key,
        count(distinct members.customer_key) as referred_count
    from members
    inner join members as referrers
        on referrers.identifier_key = members.referrer_identifier_key
    where members.customer_key not in (referrers.customer_key, {{ unidentified() }})
    group by referrers.customer_key
),

pieces as (
    select
        customer_key,
        sum(case when state = 'open' then 1 else 0 end) as open_reward_count
    from {{ ref('fct_reward') }}
    group by customer_key
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

final as (
    select
        accounts.customer_key,
        clock.as_of_date,
        {%- for column in points %}
        accounts.{{ column }},
        {%- endfor %}
        accounts.last_redeemed_date is null as is_never_redeemed,
        {%- for column in tier %}
        tiers.{{ column }},
        {%- endfor %}
        '{{ var("currency") }}' as currency,
        coalesce(pieces.open_reward_count, 0) as open_reward_count,
        coalesce(referrals.referred_count, 0) as referred_count
    from accounts
    cross join clock
    left join tiers on tiers.customer_key = accounts.customer_key
    left join pieces on pieces.customer_key = accounts.customer_key
    left join referrals on referrals.customer_key = accounts.customer_key
)

select * from final
