-- grain: one row per source and event id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['event_id'] %}
{{ config(**restated_by_landing('raw_web__event', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_web__event'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('event_at') }} as event_date
    from records
),

final as (
    select
        _source as source,
        event_id,
        event_name,
        event_at,
        event_date,
        received_at,
        cookie_id_key,
        member_id_key,
        email_key,
        phone_key,
        session_id,
        page_url,
        page_path,
        page_title,
        referrer,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        utm_term,
        click_id,
        link_id,
        search_term_key,
        form_id,
        video_id,
        video_percent,
        product_id,
        quantity,
        order_id,
        value_amount,
        currency,
        dwell_seconds,
        device_category,
        user_agent,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
