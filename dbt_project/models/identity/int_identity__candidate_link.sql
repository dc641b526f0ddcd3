-- grain: one row per pair of strong identifiers with remaining evidence (left_key < right_key)
-- Evidence that was withdrawn is gone. A release is evidence too, once both ends have been seen; a
-- refusal takes the pair away altogether.
{{ config(**restated_by(
    'int_identity__touched_identifier', ['left_key', 'right_key'], found_by=['right_key']
)) }}
with evidence as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace,
        evidence_date,
        first_at
    from {{ ref('int_identity__remaining_evidence') }}
    where {{ is_touched('left_key') }} and {{ is_touched('right_key') }}
),

decisions as (
    select
        left_key,
        right_key,
        decision,
        as_of,
        decided_at
    from {{ ref('int_identity__decision') }}
    where {{ is_touched('left_key') }} and {{ is_touched('right_key') }}
),

decided as (
    select left_key as identifier_key from decisions
    union
    select right_key as identifier_key from decisions
),

seen as (
    select distinct
        sightings.identifier_key,
        sightings.namespace
    from {{ ref('int_identity__sighting') }} as sightings
    inner join decided on decided.identifier_key = sightings.identifier_key
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

strong as (
    select
        seen.identifier_key,
        seen.namespace
    from seen
    inner join namespaces on namespaces.namespace = seen.namespace
    where namespaces.is_strong
),

remaining as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace,
        min(first_at) as first_at,
        count(distinct evidence_date) as evidence_day_count
    from evidence
    group by left_key, left_namespace, right_key, right_namespace
),

released as (
    select
        decisions.left_key,
        left_end.namespace as left_namespace,
        decisions.right_key,
        right_end.namespace as right_namespace,
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
        coalesce(remaining.left_namespace, released.left_namespace) as left_namespace,
        coalesce(remaining.right_key, released.right_key) as right_key,
        coalesce(remaining.right_namespace, released.right_namespace) as right_namespace,
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
        told.left_namespace,
        told.right_key,
        told.right_namespace,
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
