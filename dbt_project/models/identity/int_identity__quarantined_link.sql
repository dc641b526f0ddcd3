-- grain: one row per usable link whose ends belong to different customers
-- The links that the resolution left out: both customers are kept, a person may look at the pair.
with links as (
    select
        left_key,
        right_key,
        first_at
    from {{ ref('int_identity__link') }}
    where is_usable
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('int_identity__customer_identifier') }}
),

final as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        left_owner.customer_key as left_customer_key,
        right_owner.customer_key as right_customer_key,
        'would give one customer two values of a unique namespace' as reason
    from links
    inner join owners as left_owner on left_owner.identifier_key = links.left_key
    inner join owners as right_owner on right_owner.identifier_key = links.right_key
    where left_owner.customer_key <> right_owner.customer_key
)

select * from final
