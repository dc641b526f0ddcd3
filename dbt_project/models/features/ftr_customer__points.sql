-- grain: one row per customer with a member id
-- Points of all member ids of a customer as of the last day: they add up.
{%- set kinds = {
    'earned': 'earn', 'reversed': 'reverse', 'redeemed': 'redeem', 'expired': 'expire',
    'adjusted': 'adjust',
} %}
with members as (
    select
        customer_key,
        min(joined_date) as joined_date,
        count(*) as member_count
    from {{ ref('dim_member') }}
    where customer_key <> {{ unidentified() }}
    group by customer_key
),

totals as (
    select
        customer_key,
        {%- for name, kind in kinds.items() %}
        sum(case when entry_kind = '{{ kind }}' then points else 0 end) as {{ name }}_points,
        {%- endfor %}
        sum(points) as balance_points,
        min(case when entry_kind = 'earn' then posted_date end) as first_earned_date,
        max(case when entry_kind = 'redeem' then posted_date end) as last_redeemed_date
    from {{ ref('fct_points_posting') }}
    where account = 'customer'
    group by customer_key
),

left_lots as (
    select
        customer_key,
        expires_date,
        sum(remaining_points) as points,
        row_number() over (partition by customer_key order by expires_date) as expiry_rank
    from {{ ref('fct_points_lot') }}
    where remaining_points > 0 and expires_date is not null
    group by customer_key, expires_date
),

final as (
    select
        members.customer_key,
        members.joined_date,
        cast(members.member_count as integer) as member_count,
        cast(coalesce(totals.balance_points, 0) as bigint) as balance_points,
        {%- for name in kinds %}
        cast(coalesce(totals.{{ name }}_points, 0) as bigint) as {{ name }}_points,
        {%- endfor %}
        totals.first_earned_date,
        totals.last_redeemed_date,
        left_lots.expires_date as next_expires_date,
        cast(left_lots.points as bigint) as next_expiring_points
    from members
    left join totals on totals.customer_key = members.customer_key
    left join left_lots
        on left_lots.customer_key = members.customer_key and left_lots.expiry_rank = 1
)

select * from final
