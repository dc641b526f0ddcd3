-- grain: one row per source and visit id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['visit_id'] %}
{{ config(**restated_by_landing('raw_store__visit', key, dated_by='entered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__visit'), key=key) }}
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
        visit_id,
        store_id,
        entered_at,
        entered_date,
        left_at,
        appointment_id,
        staff_id,
        recognised_by,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        unionid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('entered_date') }}
)

select * from final
