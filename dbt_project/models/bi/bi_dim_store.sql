-- grain: one row per store of the store list, or known from the till alone (is_in_store_list)
{{ config(alias='dim_store') }}
with stores as (
    select
        store_id,
        store_name,
        city,
        region,
        opened_date,
        is_in_store_list
    from {{ ref('dim_store') }}
),

final as (
    select * from stores
)

select * from final
