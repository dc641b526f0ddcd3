-- grain: one row per source and invitation, response (of any number of answers) or interview
{%- set people = ['member_id_key', 'phone_key', 'email_key', 'cookie_id_key', 'openid_key'] %}
with responses as (
    select
        source,
        response_id,
        min(survey_id) as survey_id,
        min(invitation_id) as invitation_id,
        min(touchpoint) as touchpoint,
        min(store_id) as store_id,
        min(product_id) as product_id,
        {%- for column in people %}
        min({{ column }}) as {{ column }},
        {%- endfor %}
        min(answered_at) as answered_at,
        min(answered_date) as answered_date
    from {{ ref('stg_survey__answer') }}
    group by source, response_id
),

invitations as (
    select
        invitation_id,
        min(channel) as channel
    from {{ ref('stg_survey__invitation') }}
    group by invitation_id
),

answers as (
    select
        responses.source,
        responses.response_id,
        responses.survey_id,
        responses.invitation_id,
        responses.touchpoint,
        responses.store_id,
        responses.product_id,
        {%- for column in people %}
        responses.{{ column }},
        {%- endfor %}
        responses.answered_at,
        responses.answered_date,
        coalesce(
            invitations.channel, case when responses.store_id is not null then 'store' end, 'web'
        ) as channel
    from responses
    left join invitations on invitations.invitation_id = responses.invitation_id
),

interviews as (
    select
        source,
        interview_id,
        min(held_at) as held_at,
        min(held_date) as held_date,
        min(member_id_key) as member_id_key,
        min(phone_key) as phone_key
    from {{ ref('stg_survey__interview') }}
    group by source, interview_id
),

final as (
    {{
        touch(
            'survey.invitation', "'survey_invited'", 'channel', "'survey'",
            told={
                'content_key': 'survey_id', 'message_id': 'invitation_id', 'store_id': 'store_id',
                'order_id': 'order_id',
            },
        )
    }}
    union all
    {{
        touch(
            'survey.answer', "'survey_answered'", 'channel', "'survey'", relation='answers',
            key='response_id',
            told={
                'content_key': 'survey_id', 'message_id': 'invitation_id', 'store_id': 'store_id',
                'product_id': 'product_id',
            },
        )
    }}
    union all
    {{
        touch(
            'survey.interview', "'interviewed'", "'call'", "'interview'", relation='interviews',
            key='interview_id',
        )
    }}
)

select * from final
