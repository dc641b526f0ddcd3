-- Customers, orders and touches of the single view are those of the core.
{{ config(meta={'dagster': {'ref': {'name': 'mart_customer__single_view'}}}) }}
with told as (
    select
        count(*) as customer_count,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(voucher_redeemed_count), 0) as voucher_redeemed_count
    from {{ ref('mart_customer__single_view') }}
),

known as (
    select
        (select count(*) from {{ ref('dim_customer') }}) as customer_count,
        (select count(*) from {{ ref('fct_order') }}) as order_count,
        (
            select count(*)
            from {{ ref('fct_event') }}
            where event_type = 'voucher_redeemed'
        ) as voucher_redeemed_count
)

select told.*
from told
cross join known
where
    told.customer_count <> known.customer_count
    or told.order_count <> known.order_count
    or told.voucher_redeemed_count <> known.voucher_redeemed_count
