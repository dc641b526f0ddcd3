-- grain: one row per source, product id, store id, starts on, display location and mailer location
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['product_id', 'store_id', 'starts_on', 'display_location', 'mailer_location'] %}
{{ config(materialized='view') }}
with records as (
    {{ latest_records(source('raw', 'raw_promotion__placement'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
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
