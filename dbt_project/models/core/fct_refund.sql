-- grain: one row per source and refund that was paid back
-- A refund is its order's customer's. Money is converted at the rate in force on the refund's day.
with refunds as (
    select
        contract,
        source,
        refund_id,
        channel,
        order_id,
        order_line_id,
        refunded_at,
        refunded_date,
        refund_amount,
        coalesce(currency, '{{ var("currency") }}') as paid_currency
    from {{ ref('int_order__refund') }}
),

orders as (
    select
        channel,
        order_id,
        min(source) as source,
        min(customer_key) as customer_key
    from {{ ref('fct_order') }}
    group by channel, order_id
    having count(*) = 1
),

rates as (
    select
        from_currency,
        valid_from,
        valid_to,
        rate
    from {{ ref('int_money__rate') }}
),

final as (
    select
        refunds.source,
        refunds.refund_id,
        refunds.contract,
        refunds.channel,
        coalesce(orders.customer_key, {{ unidentified() }}) as customer_key,
        refunds.order_id,
        orders.source as order_source,
        refunds.order_line_id,
        refunds.refunded_at,
        refunds.refunded_date,
        cast(
            case
                when refunds.paid_currency = '{{ var("currency") }}' then refunds.refund_amount
                else round(refunds.refund_amount * rates.rate, 2)
            end as decimal(14, 2)
        ) as refund_amount,
        '{{ var("currency") }}' as currency,
        refunds.paid_currency,
        orders.order_id is not null as has_order
    from refunds
    left join orders
        on orders.channel = refunds.channel and orders.order_id = refunds.order_id
    left join rates
        on
            rates.from_currency = refunds.paid_currency
            and rates.valid_from <= refunds.refunded_date
            and (rates.valid_to is null or rates.valid_to > refunds.refunded_date)
)

select * from final
