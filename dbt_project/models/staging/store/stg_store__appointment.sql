-- grain: one row per source and appointment id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['appointment_id'] %}
{{ config(**restated_by_landing('raw_store__appointment', key, dated_by='booked_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__appointment'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('booked_at') }} as booked_date
    from records
),

final as (
    select
        _source as source,
        appointment_id,
        store_id,
        service_type,
        booked_at,
        booked_date,
        scheduled_at,
        status,
        booked_through,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        unionid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('booked_date') }}
)

select * from final
