-- grain: one row per customer and purchase that is theirs or would be their next
-- A step leads from one purchase day to the next; the first from the first touch. Its cohort is the
-- month of the first purchase, of the first step that of the first touch. Steps are told up to the
-- greatest purchase number of seeds/purchase_windows.csv.
with windows as (
    {{ brand_rows(ref('purchase_windows'), key=['purchase_number', 'window_days']) }}
),

numbers as (
    select distinct purchase_number
    from windows
),

touches as (
    select
        customer_key,
        min(event_date) as first_touch_date
    from {{ ref('fct_event') }}
    where
        customer_key <> {{ unidentified() }}
        and engagement in ('reached', 'interacted', 'tried', 'bought')
    group by customer_key
),

purchases as (
    select
        customer_key,
        order_date,
        purchase_day_number,
        min(order_date) over (partition by customer_key) as first_order_date
    from {{ ref('ftr_customer__purchase_day') }}
),

starts as (
    select
        coalesce(touches.customer_key, purchases.customer_key) as customer_key,
        1 as purchase_number,
        least(touches.first_touch_date, purchases.order_date) as step_start_date,
        least(touches.first_touch_date, purchases.order_date) as cohort_date
    from touches
    full join purchases
        on
            purchases.customer_key = touches.customer_key
            and purchases.purchase_day_number = 1
    where purchases.purchase_day_number is null or purchases.purchase_day_number = 1
    union all
    select
        customer_key,
        purchase_day_number + 1 as purchase_number,
        order_date as step_start_date,
        first_order_date as cohort_date
    from purchases
),

final as (
    select
        starts.customer_key,
        cast(starts.purchase_number as integer) as purchase_number,
        {{ month_start('starts.cohort_date') }} as cohort_month_date,
        starts.step_start_date,
        purchases.order_date as purchase_date,
        {{ days_between('starts.step_start_date', 'purchases.order_date') }} as step_days
    from starts
    inner join numbers on numbers.purchase_number = starts.purchase_number
    left join purchases
        on
            purchases.customer_key = starts.customer_key
            and purchases.purchase_day_number = starts.purchase_number
)

select * from final
