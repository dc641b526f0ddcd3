-- grain: one row per source and order line id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['order_line_id'] %}
{{ config(**restated_by_landing('raw_tmall__order_item', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__order_item'), key=key) }}
),

final as (
    select
        _source as source,
        order_line_id,
        order_id,
        product_id,
        item_id,
        title,
        quantity,
        list_amount,
        discount_amount,
        sales_amount,
        currency,
        refund_status,
        is_gift,
        _loaded_at as loaded_at
    from records
)

select * from final
