-- grain: one row per month of issue, contract, type and reward
-- What became, as of the last day, of the pieces issued in a month. Leakage is what expired unused,
-- of all that is no longer open; it is final when nothing is open any more.
with pieces as (
    select
        {{ month_start('issued_date') }} as month_start_date,
        contract,
        reward_type,
        reward_id,
        customer_key,
        state,
        points,
        value_amount,
        {{ days_between('issued_date', 'redeemed_date') }} as days_to_redemption
    from {{ ref('fct_reward') }}
),

cards as (
    select
        {{ month_start('issued_date') }} as month_start_date,
        'voucher.gift_card' as contract,
        'gift_card' as reward_type,
        card_form as reward_id,
        coalesce(buyer_customer_key, {{ unidentified() }}) as customer_key,
        case
            when redeemed_amount < 0 then 'redeemed'
            when expired_amount < 0 and balance_amount = 0 then 'expired'
            else 'open'
        end as state,
        cast(null as bigint) as points,
        loaded_amount as value_amount,
        {{ days_between('issued_date', 'last_redeemed_date') }} as days_to_redemption
    from {{ ref('fct_gift_card') }}
),

given as (
    select * from pieces
    union all
    select * from cards
),

totals as (
    select
        month_start_date,
        contract,
        reward_type,
        coalesce(reward_id, 'unknown') as reward_id,
        count(*) as issued_count,
        count(distinct customer_key) as customer_count,
        sum(case when state = 'redeemed' then 1 else 0 end) as redeemed_count,
        sum(case when state = 'expired' then 1 else 0 end) as expired_count,
        sum(case when state = 'cancelled' then 1 else 0 end) as cancelled_count,
        sum(case when state = 'open' then 1 else 0 end) as open_count,
        sum(points) as points,
        sum(value_amount) as value_amount,
        avg(days_to_redemption) as days_to_redemption
    from given
    group by month_start_date, contract, reward_type, coalesce(reward_id, 'unknown')
),

final as (
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
        {{ share_of('redeemed_count', 'issued_count') }} as redemption_rate,
        {{ share_of('expired_count', 'issued_count - open_count') }} as leakage_rate,
        cast(points as bigint) as points,
        cast(value_amount as decimal(16, 2)) as value_amount,
        '{{ var("currency") }}' as currency,
        cast(days_to_redemption as decimal(10, 2)) as redemption_days
    from totals
)

select * from final
