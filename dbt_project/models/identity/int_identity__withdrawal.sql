-- grain: one row per pair of identifiers and rule whose evidence was withdrawn
-- What records said of the pair up to that day no longer counts: by the rule named, or by any rule
-- (`*`). A record withdraws the evidence of its own rule, a person's decision that of all.
with records as (
    {{ paired_records(identity_withdrawals()) }}
),

decisions as (
    select
        left_key,
        right_key,
        as_of as withdrawn_date
    from {{ source('ops', 'identity_decision') }}
    where
        decision = 'withdraw'
        and {{ happened_by_then('as_of') }}
        and {{ known_by_then('decided_at') }}
),

withdrawn as (
    select
        case when one_key < other_key then one_key else other_key end as left_key,
        case when one_key < other_key then other_key else one_key end as right_key,
        rule,
        evidence_date as withdrawn_date
    from records
    union all
    select
        left_key,
        right_key,
        '*' as rule,
        withdrawn_date
    from decisions
),

final as (
    select
        left_key,
        right_key,
        rule,
        max(withdrawn_date) as withdrawn_date
    from withdrawn
    group by left_key, right_key, rule
)

select * from final
