-- grain: one row per source, contract and touch in WeChat: official account, assistants in WeCom
-- A follower list tells a follow only where no event of that account and follower tells it that
-- day.
{%- set kinds = {
    'subscribe': 'followed', 'unsubscribe': 'unfollowed', 'scan': 'qr_scanned',
    'click': 'menu_clicked', 'view': 'menu_clicked', 'view_miniprogram': 'menu_clicked',
    'location': 'location_shared', 'masssendjobfinish': 'mass_send_finished',
    'subscribe_msg_popup_event': 'subscription_answered',
    'subscribe_msg_change_event': 'subscription_changed',
} %}
{%- set receipt = "case when lower(coalesce(status, 'success')) = 'success'"
    ~ " then 'message_delivered' else 'message_failed' end" %}
{%- set message = "case when direction = 'inbound' then 'message_written' when template_id is null"
    ~ " then 'message_delivered' else 'message_sent' end" %}
with told as (
    select distinct
        app_id,
        openid_key,
        event_date
    from {{ ref('stg_wechat__event') }}
    where event_name = 'subscribe'
),

follows as (
    select
        followers.source,
        followers.record_key,
        followers.openid_key,
        followers.unionid_key,
        followers.subscribed_at,
        followers.subscribed_date,
        followers.subscribe_scene,
        followers.qr_scene
    from {{ ref('stg_wechat__follower') }} as followers
    left join told
        on
            told.app_id = followers.app_id
            and told.openid_key = followers.openid_key
            and told.event_date = followers.subscribed_date
    where told.openid_key is null
),

final as (
    {{
        touch(
            'wechat.follower', "'followed'", "'wechat'", "'official_account'", relation='follows',
            told={'content_key': 'coalesce(qr_scene, subscribe_scene)'},
        )
    }}
    union all
    {{
        touch(
            'wechat.event', 'coalesce(' ~ told_as('event_name', kinds) ~ ', ' ~ receipt ~ ')',
            "'wechat'", "'official_account'",
            told={'content_key': 'event_key', 'message_id': 'message_id'},
        )
    }}
    union all
    {{
        touch(
            'wechat.message', message, "'wechat'", "'official_account'",
            told={
                'campaign_id': 'campaign_id', 'content_key': 'coalesce(content_key, template_id)',
                'message_id': 'message_id',
            },
        )
    }}
    union all
    {{
        touch(
            'wecom.relation', "'assistant_added'", "'wecom'", "'assistant'",
            told={'store_id': 'store_id', 'content_key': 'state'},
        )
    }}
    union all
    {{
        touch(
            'wecom.relation',
            "case when removed_by = 'staff' then 'assistant_dropped' else 'assistant_removed' end",
            "'wecom'", "'assistant'", at='removed_at', part='removed', told={'store_id': 'store_id'},
        )
    }}
    union all
    {{
        touch(
            'wecom.task', "'message_delivered'", "'wecom'", "'assistant'", at='done_at', part='done',
            where="status = 'done'",
            told={
                'campaign_id': 'campaign_id', 'content_key': 'coalesce(content_key, task_type)',
                'message_id': 'record_key',
            },
        )
    }}
)

select * from final
