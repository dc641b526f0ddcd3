-- grain: one row per usable identifier that may change hands and was seen with a person's own one
-- The last verified holder of a number or an address: whose member card (or other identifier of a
-- unique namespace) it was last seen with, links that the resolution left out included. A recycled
-- number stays in its first customer's history, but is only written to for its holder.
{{ config(**restated_by('int_identity__regrouped_identifier', ['identifier_key'])) }}
with evidence as (
    select
        left_key,
        right_key,
        evidence_date,
        first_at
    from {{ ref('int_identity__remaining_evidence') }}
    where {{ is_touched('left_key', 'int_identity__regrouped_identifier') }}
),

refusals as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__refusal') }}
),

seen as (
    select
        case
            when left_end.is_unique then evidence.right_key else evidence.left_key
        end as identifier_key,
        case
            when left_end.is_unique then evidence.left_key else evidence.right_key
        end as holder_key,
        case when left_end.is_unique then left_end.priority else right_end.priority end as priority,
        evidence.evidence_date,
        evidence.first_at
    from evidence
    inner join {{ ref('int_identity__identifier') }} as left_end
        on left_end.identifier_key = evidence.left_key
    inner join {{ ref('int_identity__identifier') }} as right_end
        on right_end.identifier_key = evidence.right_key
    left join refusals
        on refusals.left_key = evidence.left_key and refusals.right_key = evidence.right_key
    where
        left_end.is_unique <> right_end.is_unique
        and left_end.is_usable
        and right_end.is_usable
        and refusals.left_key is null
),

ranked as (
    select
        identifier_key,
        holder_key,
        evidence_date,
        row_number() over (
            partition by identifier_key
            order by evidence_date desc, first_at desc, priority asc, holder_key asc
        ) as holder_rank
    from seen
),

final as (
    select
        ranked.identifier_key,
        ranked.holder_key,
        ranked.evidence_date as verified_date,
        holders.customer_key as holder_customer_key,
        owners.customer_key = holders.customer_key as is_of_its_customer
    from ranked
    inner join {{ ref('int_identity__strong_identifier') }} as owners
        on owners.identifier_key = ranked.identifier_key
    inner join {{ ref('int_identity__strong_identifier') }} as holders
        on holders.identifier_key = ranked.holder_key
    where ranked.holder_rank = 1
)

select * from final
