-- grain: one row per candidate customer and identifier
-- Every identifier of whoever may be written to: what was said or sent under any of them counts.
with candidates as (
    select distinct customer_key
    from {{ ref('act_candidate') }}
),

bridge as (
    select
        customer_key,
        identifier_key,
        namespace,
        first_at,
        is_held,
        is_usable
    from {{ ref('bridge_customer_identifier') }}
    where is_current
),

final as (
    select
        candidates.customer_key,
        bridge.identifier_key,
        bridge.namespace,
        bridge.first_at,
        bridge.is_held,
        bridge.is_usable
    from candidates
    inner join bridge on bridge.customer_key = candidates.customer_key
)

select * from final
