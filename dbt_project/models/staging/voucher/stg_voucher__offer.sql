-- grain: one row per source, voucher id, campaign id and product id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['voucher_id', 'campaign_id', 'product_id'] %}
{{ config(**restated_by_landing('raw_voucher__offer', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_voucher__offer'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        voucher_id,
        campaign_id,
        product_id,
        _loaded_at as loaded_at
    from records
)

select * from final
