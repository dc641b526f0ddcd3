-- grain: one row per source and piece id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['piece_id'] %}
{{ config(**restated_by_landing('raw_voucher__piece', key, dated_by='issued_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_voucher__piece'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('issued_at') }} as issued_date
    from records
),

final as (
    select
        _source as source,
        piece_id,
        voucher_id,
        voucher_type,
        campaign_id,
        issued_at,
        issued_date,
        issued_through,
        staff_id,
        store_id,
        expires_at,
        redeemed_at,
        order_id,
        value_amount,
        threshold_amount,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('issued_date') }}
)

select * from final
