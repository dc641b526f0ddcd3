-- grain: one row per member id: an account of the loyalty programme
-- Points lie on member ids; whose they are follows from identity. Who is known by the member id
-- only, without a record of joining, joined when the id was first seen.
with identifiers as (
    select
        identifier_key,
        customer_key,
        first_at
    from {{ ref('bridge_customer_identifier') }}
    where namespace = 'member_id' and is_current
),

registrations as (
    select
        member_id_key,
        min(registered_at) as registered_at,
        min(registered_through) as registered_through,
        min(referrer_member_id_key) as referrer_identifier_key
    from {{ ref('stg_crm__member') }}
    group by member_id_key
),

joined as (
    select
        identifiers.identifier_key,
        identifiers.customer_key,
        coalesce(registrations.registered_at, identifiers.first_at) as joined_at,
        registrations.registered_at is not null as is_registered,
        registrations.registered_through,
        registrations.referrer_identifier_key
    from identifiers
    left join registrations on registrations.member_id_key = identifiers.identifier_key
),

final as (
    select
        identifier_key,
        customer_key,
        joined_at,
        {{ business_date('joined_at') }} as joined_date,
        is_registered,
        registered_through,
        referrer_identifier_key,
        cast(
            row_number() over (
                partition by customer_key
                order by joined_at, identifier_key
            ) as integer
        ) as member_number
    from joined
)

select * from final
