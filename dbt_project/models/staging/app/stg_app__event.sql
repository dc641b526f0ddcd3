-- grain: one row per source and event id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['event_id'] %}
{{ config(**restated_by_landing('raw_app__event', key, dated_by='event_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_app__event'), key=key) }}
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
        app_instance_id_key,
        device_id_key,
        oaid_key,
        member_id_key,
        email_key,
        phone_key,
        session_id,
        screen_name,
        utm_source,
        utm_medium,
        utm_campaign,
        link_id,
        search_term_key,
        product_id,
        store_id,
        order_id,
        quantity,
        value_amount,
        currency,
        dwell_seconds,
        app_version,
        os_name,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('event_date') }}
)

select * from final
