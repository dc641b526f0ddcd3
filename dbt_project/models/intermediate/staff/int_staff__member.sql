-- grain: one row per member id that was recorded with a number of somebody on the staff list
with members as (
    select
        member_id_key,
        phone_key
    from {{ ref('stg_crm__member') }}
),

staff as (
    select
        staff_id,
        phone_key
    from {{ ref('stg_store__staff') }}
),

final as (
    select
        members.member_id_key,
        min(staff.staff_id) as staff_id
    from members
    inner join staff on staff.phone_key = members.phone_key
    group by members.member_id_key
)

select * from final
