-- grain: one row per source and scan id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['scan_id'] %}
{{ config(**restated_by_landing('raw_store__qr_scan', key, dated_by='scanned_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__qr_scan'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('scanned_at') }} as scanned_date
    from records
),

final as (
    select
        _source as source,
        scan_id,
        scene,
        scanned_at,
        scanned_date,
        store_id,
        app_id,
        openid_key,
        unionid_key,
        member_id_key,
        phone_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('scanned_date') }}
)

select * from final
