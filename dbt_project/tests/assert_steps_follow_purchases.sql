-- The second step begins for everybody who bought; whoever took a step has begun the next one.
with steps as (
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
inner join taken as later on later.purchase_number = earlier.purchase_number + 1
cross join buyers
where
    earlier.taken_count <> later.begun_count
    or (earlier.purchase_number = 1 and earlier.taken_count <> buyers.customer_count)
