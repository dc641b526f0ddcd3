-- grain: one row per member id, subject and reference that the customer system states
-- What it says of points and tiers, in the shape that ours is compared in: points by order, by day
-- for what has no order, tiers by the day of the change.
with entries as (
    select
        member_id_key,
        entry_type,
        points,
        posted_date,
        order_id
    from {{ ref('stg_loyalty__points') }}
),

tiers as (
    select
        member_id_key,
        tier,
        previous_tier,
        changed_date
    from {{ ref('stg_loyalty__tier') }}
),

points as (
    select
        member_id_key,
        entry_type as subject,
        case
            when entry_type in ('earn', 'reverse') and order_id is not null then order_id
            else {{ cast_text('posted_date') }}
        end as reference,
        min(posted_date) as stated_date,
        cast(sum(points) as bigint) as points,
        {{ cast_text('null') }} as tier,
        {{ cast_text('null') }} as previous_tier
    from entries
    group by
        member_id_key,
        entry_type,
        case
            when entry_type in ('earn', 'reverse') and order_id is not null then order_id
            else {{ cast_text('posted_date') }}
        end
),

final as (
    select
        member_id_key,
        subject,
        reference,
        stated_date,
        points,
        tier,
        previous_tier
    from points
    union all
    select
        member_id_key,
        'tier' as subject,
        tier || ' ' || {{ cast_text('changed_date') }} as reference,
        changed_date as stated_date,
        cast(null as bigint) as points,
        tier,
        min(previous_tier) as previous_tier
    from tiers
    group by member_id_key, tier, changed_date
)

select * from final
