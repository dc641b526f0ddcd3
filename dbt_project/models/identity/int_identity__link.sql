-- grain: one row per pair of strong identifiers that remaining evidence links
-- A link is usable when both its ends are.
with links as (
    select
        left_key,
        right_key,
        first_at,
        evidence_day_count,
        released_at
    from {{ ref('int_identity__candidate_link') }}
),

identifiers as (
    select
        identifier_key,
        is_usable
    from {{ ref('int_identity__identifier') }}
),

final as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        links.evidence_day_count,
        links.released_at,
        left_end.is_usable and right_end.is_usable as is_usable
    from links
    inner join identifiers as left_end on left_end.identifier_key = links.left_key
    inner join identifiers as right_end on right_end.identifier_key = links.right_key
)

select * from final
