-- grain: one row per source and event id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['event_id'] %}
{{ config(**restated_by_landing('raw_miniprogram__event', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_miniprogram__event'), key=key) }}
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
        app_id,
        openid_key,
        unionid_key,
        member_id_key,
        phone_key,
        session_id,
        scene,
        page_path,
        query,
        referrer_app_id,
        utm_source,
        utm_medium,
        utm_campaign,
        search_term_key,
        product_id,
        store_id,
        order_id,
        value_amount,
        currency,
        dwell_seconds,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
