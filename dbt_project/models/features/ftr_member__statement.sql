-- grain: one row per member id, subject and reference stated by us or by the customer system
-- Ours beside theirs. Tiers are the customer's: ours stand at the first member id. A tier that was
-- kept is no change, and nobody states it.
with members as (
    select
        identifier_key,
        customer_key,
        member_number
    from {{ ref('dim_member') }}
),

postings as (
    select
        identifier_key,
        entry_kind,
        posted_date,
        order_id,
        points
    from {{ ref('fct_points_posting') }}
    where account = 'customer'
),

tiers as (
    select
        members.identifier_key,
        intervals.tier,
        {{ business_date('intervals.valid_from') }} as changed_date
    from {{ ref('fct_tier_interval') }} as intervals
    inner join members
        on members.customer_key = intervals.customer_key and members.member_number = 1
    where intervals.reason <> 'kept'
),

ours as (
    select
        identifier_key,
        entry_kind as subject,
        case
            when entry_kind in ('earn', 'reverse') then order_id
            else {{ cast_text('posted_date') }}
        end as reference,
        min(posted_date) as stated_date,
        cast(sum(points) as bigint) as points,
        {{ cast_text('null') }} as tier
    from postings
    group by
        identifier_key,
        entry_kind,
        case
            when entry_kind in ('earn', 'reverse') then order_id
            else {{ cast_text('posted_date') }}
        end
    union all
    select
        identifier_key,
        'tier' as subject,
        tier || ' ' || {{ cast_text('changed_date') }} as reference,
        changed_date as stated_date,
        cast(null as bigint) as points,
        tier
    from tiers
    group by identifier_key, tier, changed_date
),

theirs as (
    select
        member_id_key,
        subject,
        reference,
        stated_date,
        points,
        tier,
        previous_tier
    from {{ ref('int_loyalty__statement') }}
),

final as (
    select
        coalesce(ours.identifier_key, theirs.member_id_key) as identifier_key,
        members.customer_key,
        coalesce(ours.subject, theirs.subject) as subject,
        coalesce(ours.reference, theirs.reference) as reference,
        coalesce(ours.stated_date, theirs.stated_date) as stated_date,
        ours.identifier_key is not null as is_ours,
        theirs.member_id_key is not null as is_theirs,
        ours.points as our_points,
        theirs.points as crm_points,
        ours.tier as our_tier,
        theirs.tier as crm_tier,
        theirs.previous_tier as crm_previous_tier,
        coalesce(
            ours.identifier_key is null
            or theirs.member_id_key is null
            or ours.points <> theirs.points,
            false
        ) as differs
    from ours
    full outer join theirs
        on
            theirs.member_id_key = ours.identifier_key
            and theirs.subject = ours.subject
            and theirs.reference = ours.reference
    left join members
        on members.identifier_key = coalesce(ours.identifier_key, theirs.member_id_key)
)

select * from final
