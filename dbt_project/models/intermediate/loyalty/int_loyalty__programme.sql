-- grain: one row per span of days in which one programme of points is in force
-- Of several whose days overlap the one that began last counts.
with rules as (
    {{ brand_rows(ref('points_rules'), key=['rule_id', 'valid_from']) }}
),

programmes as (
    select
        rule_id,
        points_per_unit,
        rounding,
        expiry,
        expires_after_days,
        valid_from,
        valid_to,
        row_number() over (partition by valid_from order by rule_id) as rule_rank,
        lead(valid_from) over (order by valid_from asc, rule_id desc) as next_from
    from rules
    where points_per_unit is not null
),

final as (
    select
        rule_id,
        points_per_unit,
        rounding,
        expiry,
        expires_after_days,
        valid_from,
        case
            when valid_to is null or valid_to > next_from then coalesce(next_from, valid_to)
            else valid_to
        end as valid_to
    from programmes
    where rule_rank = 1
)

select * from final
