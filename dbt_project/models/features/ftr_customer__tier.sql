-- grain: one row per customer who holds a tier
-- Where they stand as of the last day, what they have spent in the window of the next tier, and
-- what is missing to reach it and to keep the one they have.
with brand_rules as (
    {{ brand_rows(ref('tier_rules'), key=['tier', 'valid_from']) }}
),

clock as (
    select
        as_of_date,
        {{ day_start(add_days('as_of_date', '1')) }} as ends_at
    from {{ ref('int_time__clock') }}
),

rules as (
    select
        brand_rules.tier,
        brand_rules.tier_rank,
        brand_rules.threshold_amount,
        brand_rules.window_days,
        lead(brand_rules.tier) over (order by brand_rules.tier_rank) as next_tier,
        lead(brand_rules.threshold_amount) over (
            order by brand_rules.tier_rank
        ) as next_threshold_amount,
        lead(brand_rules.window_days) over (order by brand_rules.tier_rank) as next_window_days
    from brand_rules
    cross join clock
    where
        brand_rules.valid_from <= clock.as_of_date
        and (brand_rules.valid_to is null or brand_rules.valid_to > clock.as_of_date)
),

tiers as (
    select
        customer_key,
        tier,
        tier_rank,
        valid_from,
        reason,
        granted_until_at
    from {{ ref('fct_tier_interval') }}
    where is_current
),

spend as (
    select
        customer_key,
        ordered_at,
        amount
    from {{ ref('fct_qualifying_spend') }}
),

measured as (
    select
        tiers.customer_key,
        sum(
            case
                when
                    {{
                        add_seconds(
                            'spend.ordered_at',
                            'coalesce(rules.next_window_days, rules.window_days) * 86400',
                        )
                    }} >= clock.ends_at
                    then spend.amount
                else 0
            end
        ) as window_amount,
        sum(
            case
                when spend.ordered_at > tiers.valid_from then spend.amount
                when spend.ordered_at = tiers.valid_from and tiers.reason <> 'reached'
                    then spend.amount
                else 0
            end
        ) as tier_year_amount
    from tiers
    cross join clock
    inner join rules on rules.tier_rank = tiers.tier_rank
    left join spend on spend.customer_key = tiers.customer_key
    group by tiers.customer_key
),

final as (
    select
        tiers.customer_key,
        tiers.tier,
        tiers.tier_rank,
        {{ business_date('tiers.valid_from') }} as tier_since_date,
        tiers.reason as tier_reason,
        {{ business_date('tiers.granted_until_at') }} as tier_judged_date,
        cast(measured.window_amount as decimal(16, 2)) as window_amount,
        rules.next_tier,
        cast(
            case
                when rules.next_tier is not null
                    then greatest(rules.next_threshold_amount - measured.window_amount, 0)
            end as decimal(16, 2)
        ) as spend_to_next_tier_amount,
        cast(
            case
                when tiers.granted_until_at is not null
                    then greatest(rules.threshold_amount - measured.tier_year_amount, 0)
            end as decimal(16, 2)
        ) as spend_to_keep_tier_amount
    from tiers
    inner join rules on rules.tier_rank = tiers.tier_rank
    inner join measured on measured.customer_key = tiers.customer_key
)

select * from final
