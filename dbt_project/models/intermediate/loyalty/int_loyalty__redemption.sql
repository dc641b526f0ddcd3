-- grain: one row per reward taken for points
-- The customer system tells a redemption twice: as a reward and as a movement of points. The two
-- are one when member, reward and day are the same, counted one by one.
with rewards as (
    select
        source,
        redemption_id,
        member_id_key,
        reward_id,
        points,
        redeemed_at,
        redeemed_date,
        status,
        row_number() over (
            partition by member_id_key, reward_id, redeemed_date
            order by redeemed_at, redemption_id, source
        ) as reward_number
    from {{ ref('stg_loyalty__reward') }}
),

movements as (
    select
        source,
        entry_id,
        member_id_key,
        reward_id,
        points,
        posted_at,
        posted_date,
        reason,
        row_number() over (
            partition by member_id_key, reward_id, posted_date
            order by posted_at, entry_id, source
        ) as reward_number
    from {{ ref('stg_loyalty__points') }}
    where entry_type = 'redeem'
),

final as (
    select
        coalesce(rewards.source, movements.source) as source,
        case
            when rewards.source is null then 'loyalty.points'
            else 'loyalty.reward'
        end as contract,
        coalesce(rewards.redemption_id, movements.entry_id) as record_id,
        coalesce(rewards.member_id_key, movements.member_id_key) as member_id_key,
        coalesce(rewards.reward_id, movements.reward_id) as reward_id,
        coalesce(rewards.points, -movements.points) as points,
        coalesce(rewards.redeemed_at, movements.posted_at) as redeemed_at,
        coalesce(rewards.redeemed_date, movements.posted_date) as redeemed_date,
        coalesce(rewards.status, 'taken') as status,
        movements.reason
    from rewards
    full outer join movements
        on
            movements.member_id_key = rewards.member_id_key
            and coalesce(movements.reward_id, '') = coalesce(rewards.reward_id, '')
            and movements.posted_date = rewards.redeemed_date
            and movements.reward_number = rewards.reward_number
    where coalesce(rewards.points, -movements.points) > 0
)

select * from final
