-- grain: one row per source, shop id and ouid
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['shop_id', 'ouid_key'] %}
{{ config(**restated_by_landing('raw_tmall__buyer', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__buyer'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        shop_id,
        ouid_key,
        omid_key,
        nick_masked,
        phone_masked,
        first_ordered_at,
        grade,
        buyer_province,
        buyer_city,
        _loaded_at as loaded_at
    from records
)

select * from final
