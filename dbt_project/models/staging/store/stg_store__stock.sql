-- grain: one row per source, store id, product id and stock on
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['store_id', 'product_id', 'stock_on'] %}
{{ config(**restated_by_landing(
    'raw_store__stock',
    key,
    staged_key=['store_id', 'product_id', 'stock_date'],
    dated_by='stock_on',
    has_moment=false,
)) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__stock'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        store_id,
        product_id,
        stock_on as stock_date,
        quantity,
        _loaded_at as loaded_at
    from records
    where {{ happened_by_then('stock_on') }}
)

select * from final
