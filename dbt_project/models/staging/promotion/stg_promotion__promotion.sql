-- grain: one row per source, promotion id and product id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['promotion_id', 'product_id'] %}
{{ config(**restated_by_landing('raw_promotion__promotion', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_promotion__promotion'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        promotion_id,
        promotion_name,
        mechanism,
        starts_at,
        ends_at,
        channel,
        product_id,
        category,
        discount_rate,
        discount_amount,
        threshold_amount,
        campaign_id,
        _loaded_at as loaded_at
    from records
)

select * from final
