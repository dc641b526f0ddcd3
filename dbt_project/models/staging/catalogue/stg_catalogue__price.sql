-- grain: one row per source, product id, channel and valid from on
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['product_id', 'channel', 'valid_from_on'] %}
{{ config(**restated_by_landing(
    'raw_catalogue__price',
    key,
    staged_key=['product_id', 'channel', 'valid_from_date'],
)) }}
with records as (
    {{ latest_records(source('raw', 'raw_catalogue__price'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        product_id,
        channel,
        valid_from_on as valid_from_date,
        price_amount,
        currency,
        _loaded_at as loaded_at
    from records
)

select * from final
