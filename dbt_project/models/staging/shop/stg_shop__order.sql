-- grain: one row per source and order id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['order_id'] %}
{{ config(**restated_by_landing('raw_shop__order', key, dated_by='ordered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_shop__order'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('ordered_at') }} as order_date
    from records
),

final as (
    select
        _source as source,
        order_id,
        order_status,
        ordered_at,
        order_date,
        paid_at,
        member_id_key,
        email_key,
        phone_key,
        cookie_id_key,
        app_id,
        openid_key,
        recipient_name_key,
        recipient_phone_key,
        recipient_province,
        recipient_city,
        recipient_address_key,
        is_gift,
        paid_amount,
        postage_amount,
        discount_amount,
        coupon_id,
        currency,
        session_id,
        link_id,
        utm_source,
        utm_campaign,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('order_date') }}
)

select * from final
