-- grain: one row per source and identification id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['identification_id'] %}
{{ config(**restated_by_landing('raw_pos__identification', key, dated_by='identified_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_pos__identification'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('identified_at') }} as identified_date
    from records
),

final as (
    select
        _source as source,
        identification_id,
        identified_at,
        identified_date,
        store_id,
        order_id,
        means,
        member_id_key,
        card_id_key,
        phone_key,
        app_id,
        openid_key,
        unionid_key,
        staff_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('identified_date') }}
)

select * from final
