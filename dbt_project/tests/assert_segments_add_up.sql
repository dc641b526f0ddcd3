-- The cards of a scheme hold every customer who has a segment in it, once, and their money.
{{ config(meta={'dagster': {'ref': {'name': 'mart_segment__card'}}}) }}
with cards as (
    select
        scheme,
        sum(customer_count) as customer_count,
        sum(net_sales_amount) as net_sales_amount
    from {{ ref('mart_segment__card') }}
    group by scheme
),

worths as (
    {%- for scheme in ['rfm', 'vap'] %}
    select
        '{{ scheme }}' as scheme,
        count(*) as customer_count,
        sum(net_sales_amount) as net_sales_amount
    from {{ ref('mart_customer__worth') }}
    where {{ scheme }}_segment is not null
    having count(*) > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    worths.scheme,
    worths.customer_count,
    cards.customer_count as carded_count
from worths
full join cards on cards.scheme = worths.scheme
where
    cards.scheme is null
    or worths.scheme is null
    or cards.customer_count <> worths.customer_count
    or cards.net_sales_amount <> worths.net_sales_amount
