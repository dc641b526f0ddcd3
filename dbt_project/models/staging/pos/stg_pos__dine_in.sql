-- grain: one row per source and sitting id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['sitting_id'] %}
{{ config(**restated_by_landing('raw_pos__dine_in', key, dated_by='seated_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_pos__dine_in'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('seated_at') }} as seated_date
    from records
),

final as (
    select
        _source as source,
        sitting_id,
        store_id,
        table_id,
        guest_count,
        seated_at,
        seated_date,
        left_at,
        order_id,
        reservation_id,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('seated_date') }}
)

select * from final
