-- grain: one row per pair of identifiers with evidence (left_key < right_key)
with evidence as (
    select
        left_key,
        right_key,
        evidence_date,
        first_at
    from {{ ref('int_identity__evidence') }}
),

identifiers as (
    select
        identifier_key,
        is_usable
    from {{ ref('int_identity__identifier') }}
),

links as (
    select
        left_key,
        right_key,
        min(first_at) as first_at,
        count(distinct evidence_date) as evidence_day_count
    from evidence
    group by left_key, right_key
),

final as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        links.evidence_day_count,
        left_end.is_usable and right_end.is_usable as is_usable
    from links
    inner join identifiers as left_end on left_end.identifier_key = links.left_key
    inner join identifiers as right_end on right_end.identifier_key = links.right_key
)

select * from final
