-- The second step begins for everybody who bought; whoever took a step has begun the next one.
{{ config(meta={'dagster': {'ref': {'name': 'ftr_customer__purchase_step'}}}) }}
with windows as (
    {{ brand_rows(ref('purchase_windows'), key=['purchase_number', 'window_days']) }}
),

steps_told as (
    select max(purchase_number) as last_purchase_number
    from windows
),

steps as (
    select
        purchase_number,
        customer_key,
        purchase_date
    from {{ ref('ftr_customer__purchase_step') }}
),

taken as (
    select
        purchase_number,
        count(*) as begun_count,
        count(purchase_date) as taken_count
    from steps
    group by purchase_number
),

buyers as (
    select count(distinct customer_key) as customer_count
    from {{ ref('fct_order') }}
    where customer_key <> {{ unidentified() }}
)

select
    earlier.purchase_number,
    earlier.taken_count,
    later.begun_count
from taken as earlier
left join taken as later on later.purchase_number = earlier.purchase_number + 1
cross join buyers
cross join steps_told
where
    (
        earlier.purchase_number < steps_told.last_purchase_number
        and earlier.taken_count <> coalesce(later.begun_count, 0)
    )
    or (earlier.purchase_number = 1 and earlier.taken_count <> buyers.customer_count)
