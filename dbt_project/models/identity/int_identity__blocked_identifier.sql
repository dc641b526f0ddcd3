-- grain: one row per identifier that names nobody, whatever is seen with it
-- Values on the block list, and those of the staff: what a cashier types into the customer's field
-- when there is no customer. A staff member's tablet is a store device, which is no block.
with listed as (
    select
        identifier_key,
        reason
    from {{ source('ops', 'blocked_identifier') }}
),

staff as (
    select distinct phone_key as identifier_key
    from {{ ref('stg_store__staff') }}
    where phone_key is not null
),

blocked as (
    select
        identifier_key,
        reason
    from listed
    union all
    select
        identifier_key,
        'the number of a staff member' as reason
    from staff
),

final as (
    select
        identifier_key,
        min(reason) as reason
    from blocked
    group by identifier_key
)

select * from final
