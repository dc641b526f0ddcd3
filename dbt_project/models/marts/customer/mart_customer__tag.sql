-- grain: one row per customer and tag that is true of them and has not expired
-- A tag is true since the first day of the latest run of days on which its rule held; each day that
-- changed the fact and left it true confirms the tag. Who was confirmed too long ago starts anew.
{{ config(pre_hook="{{ refuse_faulty_tags(ref('customer_tags')) }}") }}
{%- set facts = tag_facts() %}
with rules as (
    {{ brand_rows(ref('customer_tags'), key=['tag']) }}
),

limits as (
    select
        tag,
        owner,
        meaning,
        fact,
        comparison,
        threshold,
        valid_for_days,
        cast(threshold as decimal(18, 4)) as fact_limit
    from rules
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

levels as (
    {%- for fact in facts.levels %}
    select
        customer_key,
        '{{ fact }}' as fact,
        fact_date,
        cast({{ fact }} as decimal(18, 4)) as fact_value,
        lag({{ fact }}) over (partition by customer_key order by fact_date) as value_before
    from {{ ref('ftr_customer__fact_day') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

counters as (
    {%- for fact, since in facts.counters.items() %}
    select
        cycles.customer_key,
        '{{ fact }}' as fact,
        cycles.{{ since }} as counted_from,
        cast(
            {{ days_between('cycles.' ~ since, 'clock.as_of_date') }} as decimal(18, 4)
        ) as fact_value
    from {{ ref('ftr_customer__purchase_cycle') }} as cycles
    cross join clock
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

told as (
    select
        limits.tag,
        limits.valid_for_days,
        levels.customer_key,
        levels.fact_date,
        levels.fact_value,
        case limits.comparison
            when 'at_least' then levels.fact_value >= limits.fact_limit
            when 'at_most' then levels.fact_value <= limits.fact_limit
            when 'equals' then levels.fact_value = limits.fact_limit
        end as is_true
    from levels
    inner join limits on limits.fact = levels.fact
    where
        levels.fact_value is not null
        and (levels.value_before is null or levels.value_before <> levels.fact_value)
    union all
    select
        limits.tag,
        limits.valid_for_days,
        counters.customer_key,
        {{ add_days('counters.counted_from', 'ceil(limits.fact_limit)') }} as fact_date,
        counters.fact_value,
        true as is_true
    from counters
    inner join limits on limits.fact = counters.fact
    where counters.fact_value >= limits.fact_limit
),

followed as (
    select
        *,
        lag(is_true) over (partition by customer_key, tag order by fact_date) as was_true,
        lag(fact_date) over (partition by customer_key, tag order by fact_date) as date_before,
        row_number() over (partition by customer_key, tag order by fact_date desc) as last_rank
    from told
),

runs as (
    select
        customer_key,
        tag,
        max(
            case
                when not is_true then null
                when not coalesce(was_true, false) then fact_date
                when {{ add_days('date_before', 'valid_for_days') }} < fact_date then fact_date
            end
        ) as since_date,
        max(fact_date) as confirmed_date,
        max(case when last_rank = 1 then fact_value end) as fact_value
    from followed
    group by customer_key, tag
    having max(case when last_rank = 1 and is_true then 1 else 0 end) = 1
),

final as (
    select
        runs.customer_key,
        runs.tag,
        limits.owner,
        limits.meaning,
        limits.fact || case limits.comparison
            when 'at_least' then ' at least '
            when 'at_most' then ' at most '
            when 'equals' then ' equals '
        end || limits.threshold as rule,
        cast(runs.fact_value as decimal(18, 4)) as fact_value,
        runs.since_date,
        runs.confirmed_date,
        {{ add_days('runs.confirmed_date', 'limits.valid_for_days') }} as expires_date,
        clock.as_of_date
    from runs
    inner join limits on limits.tag = runs.tag
    cross join clock
    where
        limits.valid_for_days is null
        or {{ add_days('runs.confirmed_date', 'limits.valid_for_days') }} >= clock.as_of_date
)

select * from final
