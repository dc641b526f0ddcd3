-- grain: one row per pair of strong identifiers, rule and day whose evidence was not withdrawn
with evidence as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace,
        rule,
        evidence_date,
        first_at
    from {{ ref('int_identity__evidence') }}
),

withdrawals as (
    select
        left_key,
        right_key,
        rule,
        withdrawn_date
    from {{ ref('int_identity__withdrawal') }}
),

final as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace,
        rule,
        evidence_date,
        first_at
    from evidence
    where
        not exists (
            select 1
            from withdrawals
            where
                withdrawals.left_key = evidence.left_key
                and withdrawals.right_key = evidence.right_key
                and withdrawals.rule in (evidence.rule, '*')
                and withdrawals.withdrawn_date >= evidence.evidence_date
        )
)

select * from final
