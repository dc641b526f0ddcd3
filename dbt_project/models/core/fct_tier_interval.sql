-- grain: one row per customer and moment from which a tier is held, for a reason
-- Up with the order whose window reaches a better tier. A tier is granted for its days since the
-- last rise, and some grace; then the spend since decides: it is kept for another such year, or
-- falls to what that spend reaches. Each judgement needs the one before it, so they are made in
-- rounds, one tier year each (macros/tier_round.sql).
{%- set rounds = var('loyalty_tier_years') | int(1) %}
with clock as (
    select {{ day_start(add_days('as_of_date', '1')) }} as ends_at
    from {{ ref('int_time__clock') }}
),

brand_rules as (
    {{ brand_rows(ref('tier_rules'), key=['tier', 'valid_from']) }}
),

rules as (
    select
        tier,
        tier_rank,
        threshold_amount,
        tier_days + coalesce(grace_days, 0) as held_days,
        valid_from,
        valid_to
    from brand_rules
),

levels as (
    select
        source,
        order_id,
        customer_key,
        ordered_at,
        order_date,
        tier_rank,
        window_amount
    from {{ ref('fct_tier_level') }}
),

spend as (
    select
        customer_key,
        ordered_at,
        happened_at,
        amount
    from {{ ref('fct_qualifying_spend') }}
    where customer_key <> {{ unidentified() }}
),

stand_0 as (
    select
        customer_key,
        min(ordered_at) as happened_at,
        0 as tier_rank,
        cast(0 as decimal(16, 2)) as amount,
        min(order_date) as rule_date,
        {{ cast_text('null') }} as reason
    from levels
    group by customer_key
),

{% for round in range(rounds) -%}
{{ tier_rises(round) }},

{{ tier_judgement(round) }},

{% endfor -%}
changes as (
    {%- for round in range(rounds) %}
    select held.*
    from held_{{ round }} as held
    left join ended_{{ round }} as ended on ended.customer_key = held.customer_key
    where
        held.reason is not null
        and (ended.due_at is null or held.happened_at < ended.due_at)
    union all
    {%- endfor %}
    select *
    from stand_{{ rounds }}
),

followed as (
    select
        *,
        lead(happened_at) over (
            partition by customer_key
            order by happened_at, case reason when 'reached' then 1 else 0 end, tier_rank
        ) as next_at,
        lag(tier_rank, 1, 0) over (
            partition by customer_key
            order by happened_at, case reason when 'reached' then 1 else 0 end, tier_rank
        ) as rank_before
    from changes
),

final as (
    select
        followed.customer_key,
        rules.tier,
        followed.tier_rank,
        followed.happened_at as valid_from,
        followed.next_at as valid_to,
        followed.next_at is null as is_current,
        followed.reason,
        cast(followed.rank_before as integer) as rank_before,
        cast(followed.amount as decimal(16, 2)) as qualifying_amount,
        {{ add_seconds('followed.happened_at', 'rules.held_days * 86400') }} as granted_until_at
    from followed
    inner join rules
        on
            rules.tier_rank = followed.tier_rank
            and rules.valid_from <= followed.rule_date
            and (rules.valid_to is null or rules.valid_to > followed.rule_date)
    where followed.next_at is null or followed.next_at > followed.happened_at
)

select * from final
