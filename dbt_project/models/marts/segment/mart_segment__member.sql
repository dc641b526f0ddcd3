-- grain: one row per scheme and customer who has a segment in it
{%- set schemes = {'rfm': 'rfm_segment', 'vap': 'vap_segment'} %}
with worths as (
    select
        customer_key,
        rfm_segment,
        vap_segment,
        as_of_date
    from {{ ref('mart_customer__worth') }}
),

final as (
    {%- for scheme, column in schemes.items() %}
    select
        '{{ scheme }}' as scheme,
        {{ column }} as segment,
        customer_key,
        as_of_date
    from worths
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
