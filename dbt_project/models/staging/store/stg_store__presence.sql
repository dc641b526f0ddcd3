-- grain: one row per source and presence id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['presence_id'] %}
{{ config(**restated_by_landing('raw_store__presence', key, dated_by='entered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__presence'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('entered_at') }} as entered_date
    from records
),

final as (
    select
        _source as source,
        presence_id,
        store_id,
        sensor,
        entered_at,
        entered_date,
        left_at,
        has_consent,
        wifi_mac_key,
        device_id_key,
        member_id_key,
        phone_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('entered_date') }}
)

select * from final
