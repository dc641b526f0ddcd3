-- grain: one row per customer, and one for all that nobody can be named for (is_unidentified)
{%- set traits = {
    'full_name_key': type_text(), 'gender': type_text(), 'birthday': 'date',
    'is_lunar_birthday': 'boolean', 'age_band': type_text(), 'education': type_text(),
    'income_band': type_text(), 'home_ownership': type_text(), 'marital_status': type_text(),
    'household_size': type_text(), 'household_composition': type_text(),
    'children_count': type_text(), 'home_city': type_text(), 'home_province': type_text(),
    'skin_type': type_text(), 'language': type_text(), 'time_zone': type_text(),
} %}
{%- set survivors = [] %}
{%- for trait, type in traits.items() %}
{%- set told = "max(case when trait = '" ~ trait ~ "' then trait_value end)" %}
{%- do survivors.append('cast(' ~ told ~ ' as ' ~ type ~ ') as ' ~ trait) %}
{%- endfor %}
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
        {{ survivors | join(',\n        ') }}
    from traits
    group by customer_key
),

final as (
    select
        customers.customer_key,
        customers.customer_key = {{ unidentified() }} as is_unidentified,
        customers.is_anonymous,
        registrations.registered_at,
        {%- for trait in traits %}
        pivoted.{{ trait }},
        {%- endfor %}
        coalesce(registrations.synthetic_rank, 0) = 1 as has_synthetic_data
    from customers
    left join registrations on registrations.customer_key = customers.customer_key
    left join pivoted on pivoted.customer_key = customers.customer_key
)

select * from final
