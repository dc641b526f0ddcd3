-- grain: one row per source and store
with records as (
    {{ latest_records(source('raw', 'raw_store__store'), key=['store_id']) }}
),

final as (
    select
        _source as source,
        store_id,
        store_name,
        city,
        region,
        opened_on as opened_date,
        _loaded_at as loaded_at
    from records
)

select * from final
