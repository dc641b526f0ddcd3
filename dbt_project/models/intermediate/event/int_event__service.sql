-- grain: one row per source, contract and touch with customer service, online stores' included
{%- set write = "case when direction = 'inbound' then 'message_written'"
    ~ " else 'message_delivered' end" %}
with final as (
    {{
        touch(
            'service.case', "'case_opened'", 'channel', "'case'",
            told={
                'content_key': 'category', 'product_id': 'product_id', 'order_id': 'order_id',
            },
        )
    }}
    union all
    {{
        touch(
            'service.case', "'case_closed'", 'channel', "'case'", at='closed_at', part='closed',
            told={
                'content_key': 'category', 'product_id': 'product_id', 'order_id': 'order_id',
            },
        )
    }}
    union all
    {{ touch('service.chat', "'chat_started'", 'channel', "'chat'") }}
    union all
    {{ touch('service.message', "'message_written'", 'channel', "'service'") }}
    union all
    {{
        touch(
            'tmall.message', write, "'tmall'", "'chat'",
            told={'message_id': 'message_id', 'order_id': 'order_id'},
        )
    }}
    union all
    {{
        touch(
            'tmall.member_binding',
            told_as('status', {'bind': 'member_bound', 'unbind': 'member_unbound'}),
            "'tmall'", "'member_binding'",
        )
    }}
    union all
    {{
        touch(
            'review.review', "'reviewed'", 'channel', "'review'",
            told={'product_id': 'product_id', 'store_id': 'store_id', 'order_id': 'order_id'},
        )
    }}
)

select * from final
