-- grain: one row per pair of strong identifiers with remaining evidence (left_key < right_key)
-- Evidence that was withdrawn is gone. A release is evidence too, once both ends have been seen; a
-- refusal takes the pair away altogether.
with evidence as (
    select
        left_key,
        right_key,
        evidence_date,
        first_at
    from {{ ref('int_identity__remaining_evidence') }}
),

decisions as (
    select
        left_key,
        right_key,
        decision,
        as_of,
        decided_at
    from {{ ref('int_identity__decision') }}
),

seen as (
    select distinct
        identifier_key,
        namespace
    from {{ ref('int_identity__sighting') }}
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

strong as (
    select seen.identifier_key
    from seen
    inner join namespaces on namespaces.namespace = seen.namespace
    where namespaces.is_strong
),

remaining as (
    select
        left_key,
        right_key,
        min(first_at) as first_at,
        count(distinct evidence_date) as evidence_day_count
    from evidence
    group by left_key, right_key
),

released as (
    select
        decisions.left_key,
        decisions.right_key,
        decisions.decided_at as released_at,
        {{ day_start('decisions.as_of') }} as first_at
    from decisions
    inner join strong as left_end on left_end.identifier_key = decisions.left_key
    inner join strong as right_end on right_end.identifier_key = decisions.right_key
    where decisions.decision = 'release'
),

told as (
    select
        coalesce(remaining.left_key, released.left_key) as left_key,
        coalesce(remaining.right_key, released.right_key) as right_key,
        coalesce(remaining.first_at, released.first_at) as first_at,
        coalesce(remaining.evidence_day_count, 0) as evidence_day_count,
        released.released_at
    from remaining
    full outer join released
        on
            released.left_key = remaining.left_key
            and released.right_key = remaining.right_key
),

final as (
    select
        told.left_key,
        told.right_key,
        told.first_at,
        told.evidence_day_count,
        told.released_at
    from told
    left join decisions
        on
            decisions.left_key = told.left_key
            and decisions.right_key = told.right_key
            and decisions.decision = 'refuse'
    where decisions.left_key is null
)

select * from final
