-- grain: one row per source, contract and what became of a message: sent, opened, answered
{%- set about = {
    'campaign_id': 'campaign_id', 'content_key': 'content_key', 'message_id': 'message_id',
} %}
{%- set push = {
    'sent': 'message_sent', 'delivered': 'message_delivered', 'opened': 'message_opened',
    'dismissed': 'message_dismissed', 'failed': 'message_failed',
} %}
{%- set in_app = {
    'shown': 'message_delivered', 'clicked': 'message_clicked', 'closed': 'message_dismissed',
} %}
{%- set email = {
    'delivered': 'message_delivered', 'deferred': 'message_deferred', 'opened': 'message_opened',
    'clicked': 'message_clicked', 'bounced': 'message_bounced', 'dropped': 'message_failed',
    'complained': 'marked_as_spam', 'unsubscribed': 'unsubscribed',
} %}
with final as (
    {{ touch('app.push_receipt', told_as('status', push), "'push'", "'push'", told=about) }}
    union all
    {{ touch('app.in_app_receipt', told_as('status', in_app), "'in_app'", "'in_app'", told=about) }}
    union all
    {{ touch('email.send', "'message_sent'", "'email'", "'mailbox'", told=about) }}
    union all
    {{
        touch(
            'email.event', told_as('event_type', email), "'email'", "'mailbox'",
            told={'campaign_id': 'campaign_id', 'message_id': 'message_id', 'link_id': 'link_id'},
        )
    }}
    union all
    {{ touch('sms.send', "'message_sent'", "'sms'", "'phone'", told=about) }}
    union all
    {{
        touch(
            'sms.receipt',
            "case when is_delivered then 'message_delivered' else 'message_failed' end",
            "'sms'", "'phone'", told={'message_id': 'message_id'},
        )
    }}
    union all
    {{
        touch(
            'sms.click', "'message_clicked'", "'sms'", "'phone'",
            told={'campaign_id': 'campaign_id', 'message_id': 'message_id', 'link_id': 'link_id'},
        )
    }}
    union all
    {{
        touch(
            'sms.reply',
            "case when opt_out_word is null then 'message_replied' else 'unsubscribed' end",
            "'sms'", "'phone'",
        )
    }}
)

select * from final
