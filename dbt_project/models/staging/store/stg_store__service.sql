-- grain: one row per source and service id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['service_id'] %}
{{ config(**restated_by_landing('raw_store__service', key, dated_by='served_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__service'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('served_at') }} as served_date
    from records
),

final as (
    select
        _source as source,
        service_id,
        service_type,
        store_id,
        served_at,
        served_date,
        minutes,
        staff_id,
        voucher_id,
        appointment_id,
        is_paid,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        unionid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('served_date') }}
)

select * from final
