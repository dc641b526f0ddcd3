-- grain: one row per customer and trait known of them
-- Survivorship: of several records the value landed last counts; an empty value never replaces one.
{%- set traits = [
    'full_name_key', 'age_band', 'income_band', 'home_ownership', 'marital_status',
    'household_size', 'household_composition', 'children_count',
] %}
with members as (
    select
        source,
        member_id_key,
        {{ traits | join(',\n        ') }},
        loaded_at
    from {{ ref('stg_crm__member') }}
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('int_identity__customer_identifier') }}
    where is_usable
),

told as (
    {%- for trait in traits %}
    select
        source,
        member_id_key,
        '{{ trait }}' as trait,
        {{ trait }} as trait_value,
        loaded_at
    from members
    where {{ trait }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        owners.customer_key,
        told.trait,
        told.trait_value,
        told.source,
        told.loaded_at,
        row_number() over (
            partition by owners.customer_key, told.trait
            order by told.loaded_at desc, told.source asc, told.member_id_key asc
        ) as told_rank
    from told
    inner join owners on owners.identifier_key = told.member_id_key
),

final as (
    select
        customer_key,
        trait,
        trait_value,
        source,
        loaded_at
    from ranked
    where told_rank = 1
)

select * from final
