-- grain: one row per customer and order of theirs as a member
-- The best tier that the spend up to and with the order reaches, within the window of its rule.
-- Each amount enters the running sum when it happens and leaves it when its order is a window old.
with rules as (
    {{ brand_rows(ref('tier_rules'), key=['tier', 'valid_from']) }}
),

windows as (
    select distinct window_days
    from rules
),

spend as (
    select
        spend_key,
        is_order,
        source,
        order_id,
        customer_key,
        ordered_at,
        order_date,
        happened_at,
        amount
    from {{ ref('fct_qualifying_spend') }}
    where customer_key <> {{ unidentified() }}
),

windowed as (
    select
        spend.*,
        windows.window_days,
        {{ add_seconds('spend.ordered_at', 'windows.window_days * 86400') }} as leaves_at
    from spend
    cross join windows
),

changes as (
    select
        customer_key,
        window_days,
        happened_at,
        case when is_order then 2 else 1 end as change_rank,
        spend_key,
        is_order,
        amount
    from windowed
    where happened_at < leaves_at
    union all
    select
        customer_key,
        window_days,
        leaves_at as happened_at,
        0 as change_rank,
        spend_key,
        false as is_order,
        -amount as amount
    from windowed
    where happened_at < leaves_at
),

running as (
    select
        customer_key,
        window_days,
        spend_key,
        is_order,
        sum(amount) over (
            partition by customer_key, window_days
            order by happened_at, change_rank, spend_key
            rows between unbounded preceding and current row
        ) as window_amount
    from changes
),

reached as (
    select
        spend.source,
        spend.order_id,
        spend.customer_key,
        spend.ordered_at,
        spend.order_date,
        running.window_amount,
        rules.tier,
        rules.tier_rank,
        row_number() over (
            partition by spend.source, spend.order_id
            order by rules.tier_rank desc, rules.valid_from desc
        ) as reached_rank
    from spend
    inner join running on running.spend_key = spend.spend_key and running.is_order
    inner join rules
        on
            rules.window_days = running.window_days
            and rules.threshold_amount <= running.window_amount
            and rules.valid_from <= spend.order_date
            and (rules.valid_to is null or rules.valid_to > spend.order_date)
),

final as (
    select
        source,
        order_id,
        customer_key,
        ordered_at,
        order_date,
        tier,
        tier_rank,
        cast(window_amount as decimal(16, 2)) as window_amount
    from reached
    where reached_rank = 1
)

select * from final
