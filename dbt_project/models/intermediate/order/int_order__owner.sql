-- grain: one row per contract, source and order that names its buyer
-- The identifier that an order belongs to (macro ranked_by_identity).
{%- set record_key = ['contract', 'source', 'order_id'] %}
with named as (
    {%- for column in order_identifiers().values() %}
    select
        {{ record_key | join(', ') }},
        ordered_at,
        {{ column }} as identifier_key
    from {{ ref('int_order__basket') }}
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    {{ ranked_by_identity('named', record_key=record_key, at='ordered_at') }}
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
