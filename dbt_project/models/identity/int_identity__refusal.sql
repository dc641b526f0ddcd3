-- grain: one row per refused pair of usable strong identifiers (left_key < right_key)
-- The two may not be one customer, by whatever path.
with decisions as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__decision') }}
    where decision = 'refuse'
),

identifiers as (
    select identifier_key
    from {{ ref('int_identity__identifier') }}
    where is_usable and is_strong
),

final as (
    select
        decisions.left_key,
        decisions.right_key
    from decisions
    inner join identifiers as left_end on left_end.identifier_key = decisions.left_key
    inner join identifiers as right_end on right_end.identifier_key = decisions.right_key
)

select * from final
