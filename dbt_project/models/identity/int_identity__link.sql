-- grain: one row per pair of strong identifiers that remaining evidence links
-- A link is usable when both its ends are. A view: few identifiers are not, and asking for those is
-- cheaper than a second copy of all links.
{{ config(materialized='view') }}
with links as (
    select
        left_key,
        right_key,
        first_at,
        evidence_day_count,
        released_at
    from {{ ref('int_identity__candidate_link') }}
),

unusable as (
    select identifier_key
    from {{ ref('int_identity__identifier') }}
    where not is_usable
),

final as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        links.evidence_day_count,
        links.released_at,
        left_end.identifier_key is null and right_end.identifier_key is null as is_usable
    from links
    left join unusable as left_end on left_end.identifier_key = links.left_key
    left join unusable as right_end on right_end.identifier_key = links.right_key
)

select * from final
