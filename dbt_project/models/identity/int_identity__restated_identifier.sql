-- grain: one row per identifier whose customers are told anew
-- Those whose component is solved again, and every device that one of them ever logged in on. Empty
-- where identity is made whole.
with regrouped as (
    select identifier_key
    from {{ ref('int_identity__regrouped_identifier') }}
),

logins as (
    select
        weak_key,
        strong_key
    from {{ ref('int_identity__login') }}
),

final as (
    select identifier_key from regrouped
    union
    select logins.weak_key as identifier_key
    from logins
    inner join regrouped on regrouped.identifier_key = logins.strong_key
)

select * from final
