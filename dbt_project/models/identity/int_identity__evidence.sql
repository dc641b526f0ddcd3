-- grain: one row per pair of identifiers, rule and day (left_key < right_key)
-- Two strong identifiers on one record are evidence that they are one person. A weak one beside a
-- strong one is a login (int_identity__login); two weak ones say nothing.
{{ config(**restated_by(
    'int_identity__told_identifier', ['left_key', 'right_key'], by_rule=true
)) }}
with namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

records as (
    {{ paired_records(identity_records(), where=both_are_strong, touched=both_are_told) }}
),

ordered as (
    select
        rule,
        evidence_date,
        seen_at,
        case
            when one_key < other_key then one_key else other_key
        end as left_key,
        case
            when one_key < other_key then one_namespace
            else other_namespace
        end as left_namespace,
        case
            when one_key < other_key then other_key else one_key
        end as right_key,
        case
            when one_key < other_key then other_namespace
            else one_namespace
        end as right_namespace
    from records
    where one_key <> other_key
),

final as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace,
        rule,
        evidence_date,
        min(seen_at) as first_at
    from ordered
    group by left_key, left_namespace, right_key, right_namespace, rule, evidence_date
)

select * from final
