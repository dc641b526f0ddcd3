{#-
    One round of judging tiers, as CTEs named with its number. `stand_n` says where each customer
    stands since a moment; from there the orders raise (`raised_n`), and each grant, `held_n`, has a
    day on which it is judged unless a rise came before (`due_n`). Needs the CTEs levels and rules
    of fct_tier_interval.
-#}
{% macro tier_rises(round) %}
raised_{{ round }} as (
    select
        levels.customer_key,
        levels.ordered_at as happened_at,
        levels.tier_rank,
        levels.window_amount as amount,
        levels.order_date as rule_date,
        greatest(stand.tier_rank, coalesce(max(levels.tier_rank) over (
            partition by levels.customer_key
            order by levels.ordered_at, levels.order_id, levels.source
            rows between unbounded preceding and 1 preceding
        ), 0)) as rank_before
    from stand_{{ round }} as stand
    inner join levels
        on levels.customer_key = stand.customer_key and levels.ordered_at >= stand.happened_at
),

held_{{ round }} as (
    select customer_key, happened_at, tier_rank, amount, rule_date, reason
    from stand_{{ round }}
    union all
    select customer_key, happened_at, tier_rank, amount, rule_date, 'reached' as reason
    from raised_{{ round }}
    where tier_rank > rank_before
),

due_{{ round }} as (
    select
        held.*,
        {{ add_seconds('held.happened_at', 'rules.held_days * 86400') }} as due_at,
        lead(held.happened_at) over (
            partition by held.customer_key
            order by held.happened_at, held.tier_rank
        ) as next_at
    from held_{{ round }} as held
    left join rules
        on
            rules.tier_rank = held.tier_rank
            and rules.valid_from <= held.rule_date
            and (rules.valid_to is null or rules.valid_to > held.rule_date)
)
{%- endmacro %}


{#-
    The end of a round: the first grant of a customer that ran its days out (`ended_n`), what was
    spent in them (`spent_n`; the order of the rise is not part of it), and where the customer
    stands from then on. Needs the CTE spend and the end of the last day, clock.
-#}
{% macro tier_judgement(round) %}
ended_{{ round }} as (
    select *
    from (
        select
            due.*,
            row_number() over (partition by due.customer_key order by due.happened_at) as due_rank
        from due_{{ round }} as due
        cross join clock
        where due.due_at < clock.ends_at and (due.next_at is null or due.next_at >= due.due_at)
    ) as ranked
    where due_rank = 1
),

spent_{{ round }} as (
    select ended.customer_key, coalesce(sum(spend.amount), 0) as amount
    from ended_{{ round }} as ended
    left join spend
        on
            spend.customer_key = ended.customer_key
            and spend.ordered_at >= ended.happened_at
            and (spend.ordered_at > ended.happened_at or ended.reason <> 'reached')
            and spend.happened_at < ended.due_at
    group by ended.customer_key
),

stand_{{ round + 1 }} as (
    select
        ended.customer_key,
        ended.due_at as happened_at,
        coalesce(max(rules.tier_rank), 0) as tier_rank,
        spent.amount,
        {{ business_date('ended.due_at') }} as rule_date,
        case when max(rules.tier_rank) = ended.tier_rank then 'kept' else 'fell' end as reason
    from ended_{{ round }} as ended
    inner join spent_{{ round }} as spent on spent.customer_key = ended.customer_key
    left join rules
        on
            rules.tier_rank <= ended.tier_rank
            and rules.threshold_amount <= spent.amount
            and rules.valid_from <= {{ business_date('ended.due_at') }}
            and (rules.valid_to is null or rules.valid_to > {{ business_date('ended.due_at') }})
    group by ended.customer_key, ended.due_at, ended.tier_rank, spent.amount
)
{%- endmacro %}
