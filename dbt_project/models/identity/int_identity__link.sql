-- grain: one row per pair of strong identifiers that remaining evidence links
-- A link is usable when both its ends are. A view: few identifiers are not, and asking for those is
-- cheaper than a second copy of all links. One select, so that who asks for a few links gets them
-- by their keys.
{{ config(materialized='view') }}
select
    links.left_key,
    links.right_key,
    links.first_at,
    links.evidence_day_count,
    links.released_at,
    left_end.identifier_key is null and right_end.identifier_key is null as is_usable
from {{ ref('int_identity__candidate_link') }} as links
left join {{ ref('int_identity__unusable_identifier') }} as left_end
    on left_end.identifier_key = links.left_key
left join {{ ref('int_identity__unusable_identifier') }} as right_end
    on right_end.identifier_key = links.right_key
