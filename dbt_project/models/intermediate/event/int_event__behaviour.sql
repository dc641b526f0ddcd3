-- grain: one row per source and event that an SDK reports: website, app, mini-program
-- The SDK's name of the event, after `sdk/`, stands for the kind of touch until
-- seeds/event_types.csv says which it is. Money is what the cart was worth.
{%- set told_by_all = {
    'product_id': 'product_id', 'order_id': 'order_id', 'value_amount': own_money('value_amount'),
    'currency': "'" ~ var('currency') ~ "'", 'campaign_id': 'utm_campaign',
} %}
{%- set on_site = {
    'content_key': 'coalesce(search_term_key, video_id, form_id, page_path)', 'link_id': 'link_id',
} %}
{%- set in_app = {
    'content_key': 'coalesce(search_term_key, screen_name)', 'link_id': 'link_id',
    'store_id': 'store_id',
} %}
{%- set in_program = {
    'content_key': 'coalesce(search_term_key, page_path)', 'store_id': 'store_id',
} %}
{%- do on_site.update(told_by_all) %}
{%- do in_app.update(told_by_all) %}
{%- do in_program.update(told_by_all) %}
with final as (
    {{ touch('web.event', "'sdk/' || lower(event_name)", "'web'", "'site'", told=on_site) }}
    union all
    {{ touch('app.event', "'sdk/' || lower(event_name)", "'app'", "'app'", told=in_app) }}
    union all
    {{
        touch(
            'miniprogram.event', "'sdk/' || lower(event_name)", "'miniprogram'", "'miniprogram'",
            told=in_program,
        )
    }}
)

select * from final
