-- grain: one row per contract, source and order that names its buyer
-- An order belongs to its usable identifier of highest priority; ties by key.
{%- set record_key = ['contract', 'source', 'order_id'] %}
with named as (
    {%- for column in order_identifiers().values() %}
    select
        {{ record_key | join(', ') }},
        {{ column }} as identifier_key
    from {{ ref('int_order__basket') }}
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    {{ ranked_by_identity('named', record_key=record_key) }}
),

final as (
    select
        contract,
        source,
        order_id,
        identifier_key
    from ranked
    where owner_rank = 1
)

select * from final
