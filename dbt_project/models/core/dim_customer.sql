-- grain: one row per customer, and one for all that nobody can be named for (is_unidentified)
with identifiers as (
    select
        customer_key,
        identifier_key,
        is_strong
    from {{ ref('bridge_customer_identifier') }}
    where is_usable
),

members as (
    select
        member_id_key,
        registered_at,
        is_synthetic
    from {{ ref('stg_crm__member') }}
),

traits as (
    select
        customer_key,
        trait,
        trait_value
    from {{ ref('int_customer__trait') }}
),

customers as (
    select
        customer_key,
        max(case when is_strong then 1 else 0 end) = 0 as is_anonymous
    from identifiers
    group by customer_key
    union all
    select
        {{ unidentified() }} as customer_key,
        true as is_anonymous
),

registrations as (
    select
        identifiers.customer_key,
        min(members.registered_at) as registered_at,
        max(case when members.is_synthetic then 1 else 0 end) as synthetic_rank
    from members
    inner join identifiers on identifiers.identifier_key = members.member_id_key
    group by identifiers.customer_key
),

pivoted as (
    select
        customer_key,
        max(case when trait = 'full_name_key' then trait_value end) as full_name_key,
        max(case when trait = 'age_band' then trait_value end) as age_band,
        max(case when trait = 'income_band' then trait_value end) as income_band,
        max(case when trait = 'home_ownership' then trait_value end) as home_ownership,
        max(case when trait = 'marital_status' then trait_value end) as marital_status,
        max(case when trait = 'household_size' then trait_value end) as household_size,
        max(
            case when trait = 'household_composition' then trait_value end
        ) as household_composition,
        max(case when trait = 'children_count' then trait_value end) as children_count
    from traits
    group by customer_key
),

final as (
    select
        customers.customer_key,
        customers.customer_key = {{ unidentified() }} as is_unidentified,
        customers.is_anonymous,
        registrations.registered_at,
        pivoted.full_name_key,
        pivoted.age_band,
        pivoted.income_band,
        pivoted.home_ownership,
        pivoted.marital_status,
        pivoted.household_size,
        pivoted.household_composition,
        pivoted.children_count,
        coalesce(registrations.synthetic_rank, 0) = 1 as has_synthetic_data
    from customers
    left join registrations on registrations.customer_key = customers.customer_key
    left join pivoted on pivoted.customer_key = customers.customer_key
)

select * from final
