-- grain: one row per source, product, store, first day and place
{{ config(materialized='view') }}
{%- set key = ['product_id', 'store_id', 'starts_on', 'display_location', 'mailer_location'] %}
with records as (
    {{ latest_records(source('raw', 'raw_promotion__placement'), key=key) }}
),

final as (
    select
        _source as source,
        product_id,
        store_id,
        starts_on as start_date,
        ends_on as end_date,
        display_location,
        mailer_location,
        _loaded_at as loaded_at
    from records
)

select * from final
