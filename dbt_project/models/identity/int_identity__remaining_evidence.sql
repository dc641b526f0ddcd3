-- grain: one row per pair of strong identifiers, rule and day whose evidence was not withdrawn
-- A view: hardly any is withdrawn, and what is need not be copied.
{{ config(materialized='view') }}
with final as (
    select
        evidence.left_key,
        evidence.left_namespace,
        evidence.right_key,
        evidence.right_namespace,
        evidence.rule,
        evidence.evidence_date,
        evidence.first_at
    from {{ ref('int_identity__evidence') }} as evidence
    where not {{ was_withdrawn('evidence', 'evidence_date') }}
)

select * from final
