-- grain: one row per source, contract and exposure to, or answer to, a post, livestream or paid ad
{%- set doings = {
    'exposure': 'post_exposed', 'click': 'post_clicked', 'like': 'post_liked',
    'comment': 'post_commented', 'share': 'post_shared', 'save': 'post_saved',
    'follow': 'followed', 'live_view': 'live_watched', 'live_click': 'live_clicked',
} %}
{%- set about = {
    'campaign_id': 'campaign_id', 'product_id': 'product_id',
    'content_key': 'coalesce(content_key, post_id, livestream_id)',
} %}
with final as (
    {{
        touch(
            'social.engagement', told_as('event_type', doings), "'social'", 'platform', told=about,
        )
    }}
    union all
    {{
        touch(
            'wechat.moments_ad_event',
            told_as('event_type', {'exposure': 'ad_exposed', 'click': 'ad_clicked'}),
            "'ads'", "'wechat_moments'",
            told={'campaign_id': 'campaign_id', 'content_key': 'coalesce(content_key, ad_id)'},
        )
    }}
    union all
    {{
        touch(
            'ads.click', "'ad_clicked'", "'ads'", 'platform',
            told={'campaign_id': 'campaign_id', 'content_key': 'coalesce(content_key, ad_id)'},
        )
    }}
)

select * from final
