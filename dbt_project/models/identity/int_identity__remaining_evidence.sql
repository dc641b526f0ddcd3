-- grain: one row per pair of strong identifiers, rule and day whose evidence was not withdrawn
-- A view: hardly any is withdrawn, and what is need not be copied. One select, so that who asks for
-- a few pairs gets them by their keys.
{{ config(materialized='view') }}
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
