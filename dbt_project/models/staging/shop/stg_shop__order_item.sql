-- grain: one row per source, order id and order line id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['order_id', 'order_line_id'] %}
{{ config(**restated_by_landing('raw_shop__order_item', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_shop__order_item'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        order_id,
        order_line_id,
        product_id,
        quantity,
        list_amount,
        discount_amount,
        sales_amount,
        currency,
        _loaded_at as loaded_at
    from records
)

select * from final
