-- grain: one row per store of the store list, or known from the till alone (is_in_store_list)
with stores as (
    select
        store_id,
        store_name,
        city,
        region,
        opened_date,
        row_number() over (
            partition by store_id
            order by loaded_at desc, source asc
        ) as source_rank
    from {{ ref('stg_store__store') }}
),

listed as (
    select * from stores
    where source_rank = 1
),

referred as (
    select store_id from {{ ref('int_order__basket') }}
    where store_id is not null
    union
    select store_id from listed
),

final as (
    select
        referred.store_id,
        listed.store_name,
        listed.city,
        listed.region,
        listed.opened_date,
        listed.store_id is not null as is_in_store_list
    from referred
    left join listed on listed.store_id = referred.store_id
)

select * from final
