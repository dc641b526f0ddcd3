-- A line has its order's customer, store and day; every order has lines.
{{ config(meta={'dagster': {'ref': {'name': 'fct_order'}}}) }}
select
    orders.source,
    orders.order_id
from {{ ref('fct_order') }} as orders
full outer join {{ ref('fct_order_line') }} as lines
    on lines.source = orders.source and lines.order_id = orders.order_id
where
    orders.order_id is null
    or lines.order_id is null
    or lines.customer_key <> orders.customer_key
    or lines.order_date <> orders.order_date
    or lines.channel <> orders.channel
    or lines.store_id <> orders.store_id
