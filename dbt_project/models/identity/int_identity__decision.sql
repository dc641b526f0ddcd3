-- grain: one row per pair of identifiers that a person decided on (left_key < right_key)
-- The latest decision holds; of two at the same moment the refusal.
with decisions as (
    select
        left_key,
        right_key,
        decision,
        as_of,
        decided_at,
        row_number() over (
            partition by left_key, right_key
            order by
                as_of desc,
                decided_at desc,
                case when decision = 'refuse' then 0 else 1 end
        ) as decision_rank
    from {{ source('ops', 'identity_decision') }}
    where
        decision in ('release', 'refuse')
        and {{ happened_by_then('as_of') }}
        and {{ known_by_then('decided_at') }}
),

final as (
    select
        left_key,
        right_key,
        decision,
        as_of,
        decided_at
    from decisions
    where decision_rank = 1
)

select * from final
