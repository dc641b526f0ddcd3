-- grain: one row per device that the staff work with
with devices as (
    select device_id_key
    from {{ ref('stg_store__staff') }}
    where device_id_key is not null
),

final as (
    select distinct device_id_key as identifier_key
    from devices
)

select * from final
