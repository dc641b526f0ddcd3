-- What was landed is what every later table tells: lines and money from the landed till to the
-- single view, lines and money of every channel from staging on. The landed side is told in another
-- way than staging tells it: a version counts when no newer one exists.
{{ config(meta={'dagster': {'ref': {'name': 'mart_customer__single_view'}}}) }}
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
                    coalesce(newer._version_at, newer._loaded_at)
                    > coalesce(record._version_at, record._loaded_at)
                    or (
                        coalesce(newer._version_at, newer._loaded_at)
                        = coalesce(record._version_at, record._loaded_at)
                        and (
                            newer._row_number > record._row_number
                            or (
                                newer._row_number = record._row_number
                                and newer._batch_id > record._batch_id
                            )
                        )
                    )
                )
        )
),

staged as (
    select
        count(*) as line_count,
        sum(sales_amount) as sales_amount
    from {{ ref('stg_pos__order_line') }}
),

all_staged as (
    select
        sales_amount,
        order_line_id
    from {{ ref('stg_pos__order_line') }}
    union all
    select
        sales_amount,
        order_line_id
    from {{ ref('stg_shop__order_item') }}
    union all
    select
        sales_amount,
        order_line_id
    from {{ ref('stg_tmall__order_item') }}
),

everything as (
    select
        count(*) as line_count,
        coalesce(sum(sales_amount), 0) as sales_amount
    from all_staged
),

kept as (
    select
        count(*) as line_count,
        coalesce(sum(sales_amount), 0) as sales_amount,
        count(case when standing = 'sale' then 1 end) as sale_line_count,
        sum(
            case
                when
                    standing = 'sale'
                    and coalesce(currency, '{{ var("currency") }}') = '{{ var("currency") }}'
                    then sales_amount
            end
        ) as own_currency_amount
    from {{ ref('int_order__line') }}
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

refunds as (
    select coalesce(sum(refund_amount), 0) as refund_amount
    from {{ ref('fct_refund') }}
),

customers as (
    select
        sum(sales_amount) as sales_amount,
        sum(refund_amount) as refund_amount,
        sum(net_sales_amount) as net_sales_amount
    from {{ ref('mart_customer__single_view') }}
)

select
    landed.line_count as landed_lines,
    staged.line_count as staged_lines,
    everything.line_count as all_staged_lines,
    kept.line_count as kept_lines,
    lines.line_count as core_lines,
    orders.line_count as order_lines,
    landed.sales_amount as landed_amount,
    staged.sales_amount as staged_amount,
    lines.sales_amount as core_amount,
    orders.sales_amount as order_amount,
    customers.sales_amount as customer_amount
from landed
cross join staged
cross join everything
cross join kept
cross join lines
cross join orders
cross join refunds
cross join customers
where
    landed.line_count <> staged.line_count
    or landed.sales_amount <> staged.sales_amount
    or everything.line_count <> kept.line_count
    or everything.sales_amount <> kept.sales_amount
    or kept.sale_line_count <> lines.line_count
    or kept.own_currency_amount <> lines.own_currency_amount
    or lines.line_count <> coalesce(orders.line_count, 0)
    or lines.sales_amount <> orders.sales_amount
    or coalesce(orders.sales_amount, 0) <> customers.sales_amount
    or refunds.refund_amount <> customers.refund_amount
    or customers.sales_amount - customers.refund_amount <> customers.net_sales_amount
