-- grain: one row per touch of any channel, with every identifier it came with
-- A new kind of touch is a call of macro touch() in a model of this folder.
{%- set topics = [
    'purchase', 'fulfilment', 'campaign', 'benefit', 'consent', 'registration', 'behaviour',
    'message', 'media', 'wechat', 'store', 'service', 'survey', 'prospect',
] %}
with final as (
    {%- for topic in topics %}
    select
        {{ touch_columns() | join(',\n        ') }}
    from {{ ref('int_event__' ~ topic) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
