-- What was landed is what every later table tells: lines and money from the landed till to the
-- single view. The landed side is told in another way than staging tells it: a version counts when
-- no newer one exists.
with landed as (
    select
        count(*) as line_count,
        sum(record.sales_amount) as sales_amount
    from {{ source('raw', 'raw_pos__order_line') }} as record
    where
        {{ known_by_then('record._loaded_at') }}
        and {{ happened_by_then(business_date('record.ordered_at')) }}
        and not exists (
            select 1
            from {{ source('raw', 'raw_pos__order_line') }} as newer
            where
                newer._source = record._source
                and newer.order_id = record.order_id
                and newer.order_line_id = record.order_line_id
                and {{ known_by_then('newer._loaded_at') }}
                and (
                    newer._loaded_at > record._loaded_at
                    or (
                        newer._loaded_at = record._loaded_at
                        and (
                            newer._batch_id > record._batch_id
                            or (
                                newer._batch_id = record._batch_id
                                and newer._row_number > record._row_number
                            )
                        )
                    )
                )
        )
),

staged as (
    select
        count(*) as line_count,
        sum(sales_amount) as sales_amount,
        sum(
            case
                when coalesce(currency, '{{ var("currency") }}') = '{{ var("currency") }}'
                    then sales_amount
            end
        ) as own_currency_amount
    from {{ ref('stg_pos__order_line') }}
),

lines as (
    select
        count(*) as line_count,
        sum(sales_amount) as sales_amount,
        sum(case when paid_currency = currency then sales_amount end) as own_currency_amount
    from {{ ref('fct_order_line') }}
),

orders as (
    select
        sum(line_count) as line_count,
        sum(sales_amount) as sales_amount
    from {{ ref('fct_order') }}
),

customers as (
    select sum(sales_amount) as sales_amount
    from {{ ref('mart_customer__single_view') }}
)

select
    landed.line_count as landed_lines,
    staged.line_count as staged_lines,
    lines.line_count as core_lines,
    orders.line_count as order_lines,
    landed.sales_amount as landed_amount,
    staged.sales_amount as staged_amount,
    lines.sales_amount as core_amount,
    orders.sales_amount as order_amount,
    customers.sales_amount as customer_amount
from landed
cross join staged
cross join lines
cross join orders
cross join customers
where
    landed.line_count <> staged.line_count
    or staged.line_count <> lines.line_count
    or lines.line_count <> coalesce(orders.line_count, 0)
    or landed.sales_amount <> staged.sales_amount
    or staged.own_currency_amount <> lines.own_currency_amount
    or lines.sales_amount <> orders.sales_amount
    or coalesce(orders.sales_amount, 0) <> customers.sales_amount
