-- grain: one row per month, from the month after the first line with a known cost to that of as_of
-- What remains of 1 paid after the cost of the goods, over the lines whose cost is known, from
-- purchases before the month: it stands in for lines whose cost nobody told.
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

lines as (
    select
        {{ month_start('lines.order_date') }} as month_start_date,
        sum(lines.sales_amount) as sales_amount,
        sum(lines.sales_amount - products.cost_amount * lines.quantity) as margin_amount
    from {{ ref('fct_order_line') }} as lines
    inner join {{ ref('dim_product') }} as products on products.product_id = lines.product_id
    where products.cost_amount is not null
    group by {{ month_start('lines.order_date') }}
),

months as (
    select distinct dates.month_start_date
    from {{ ref('dim_date') }} as dates
    cross join clock
    where dates.calendar_date <= clock.as_of_date
),

known as (
    select
        months.month_start_date,
        sum(lines.sales_amount) as sales_amount,
        sum(lines.margin_amount) as margin_amount
    from months
    inner join lines on lines.month_start_date < months.month_start_date
    group by months.month_start_date
    having sum(lines.sales_amount) > 0
),

final as (
    select
        month_start_date as valid_from,
        lead(month_start_date) over (order by month_start_date) as valid_to,
        {{ share_of('margin_amount', 'sales_amount') }} as margin_share
    from known
)

select * from final
