-- Whoever bought is measured at as_of, with the money that the single view tells of them when the
-- windows are long enough, and with as many orders as they had in the window.
{{ config(meta={'dagster': {'ref': {'name': 'mart_customer__worth'}}}) }}
with standing as (
    select
        customer_key,
        order_count,
        net_sales_amount
    from {{ ref('ftr_customer__purchase_standing') }}
    where valid_to is null
),

viewed as (
    select
        customer_key,
        order_count,
        net_sales_amount
    from {{ ref('mart_customer__single_view') }}
    where not is_unidentified and order_count > 0
),

worths as (
    select customer_key
    from {{ ref('mart_customer__worth') }}
)

select
    viewed.customer_key,
    viewed.order_count,
    standing.order_count as standing_order_count
from viewed
full join standing on standing.customer_key = viewed.customer_key
left join worths on worths.customer_key = viewed.customer_key
where
    viewed.customer_key is null
    or standing.customer_key is null
    or worths.customer_key is null
    or viewed.order_count <> standing.order_count
    or viewed.net_sales_amount <> standing.net_sales_amount
