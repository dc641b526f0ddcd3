-- grain: one row per channel and identifier whose owner lets the brand in, or did
-- Followers who left, assistants who were removed and switched-off push: the platform's own word on
-- an address, which is no consent and no opt-out. The latest word holds; at the same moment, no.
with followers as (
    select
        openid_key as identifier_key,
        is_subscribed,
        subscribed_at,
        coalesce(fetched_at, loaded_at) as fetched_at
    from {{ ref('stg_wechat__follower') }}
),

told as (
    select
        'wechat' as channel,
        identifier_key,
        subscribed_at as told_at,
        true as is_open
    from followers
    where subscribed_at is not null
    union all
    select
        'wechat' as channel,
        identifier_key,
        fetched_at as told_at,
        is_subscribed as is_open
    from followers
    where {{ happened_by_then(business_date('fetched_at')) }}
    union all
    select
        'wechat' as channel,
        openid_key as identifier_key,
        event_at as told_at,
        event_name = 'subscribe' as is_open
    from {{ ref('stg_wechat__event') }}
    where event_name in ('subscribe', 'unsubscribe')
    union all
    select
        'push' as channel,
        app_instance_id_key as identifier_key,
        registered_at as told_at,
        is_enabled as is_open
    from {{ ref('stg_app__push_token') }}
),

ranked as (
    select
        channel,
        identifier_key,
        is_open,
        row_number() over (
            partition by channel, identifier_key
            order by told_at desc, case when is_open then 1 else 0 end
        ) as told_rank
    from told
),

relations as (
    select
        external_userid_key as identifier_key,
        case
            when removed_at is null then 1
            when {{ happened_by_then(business_date('removed_at')) }} then 0
            else 1
        end as open_rank
    from {{ ref('stg_wecom__relation') }}
),

final as (
    select
        channel,
        identifier_key,
        is_open
    from ranked
    where told_rank = 1
    union all
    select
        'wecom' as channel,
        identifier_key,
        max(open_rank) = 1 as is_open
    from relations
    group by identifier_key
)

select * from final
