-- grain: one row per source, order and line
-- Money is converted here, once, at the rate in force on the order's day; a currency without a rate
-- leaves the amount empty, and a test fails.
{%- set amounts = [
    'sales_amount', 'retail_discount_amount', 'coupon_discount_amount', 'coupon_match_amount',
] %}
with lines as (
    select
        contract,
        source,
        order_id,
        order_line_id,
        product_id,
        quantity,
        {{ amounts | join(',\n        ') }},
        coalesce(currency, '{{ var("currency") }}') as paid_currency
    from {{ ref('int_order__line') }}
    where standing = 'sale'
),

orders as (
    select
        contract,
        source,
        order_id,
        channel,
        ordered_at,
        order_date,
        store_id
    from {{ ref('int_order__basket') }}
),

buyers as (
    select
        contract,
        source,
        order_id,
        identifier_key
    from {{ ref('int_order__owner') }}
),

owners as (
    select
        identifier_key,
        customer_key,
        valid_from,
        valid_to
    from {{ ref('bridge_customer_identifier') }}
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
        lines.source,
        lines.order_id,
        lines.order_line_id,
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        orders.channel,
        orders.ordered_at,
        orders.order_date,
        orders.store_id,
        lines.product_id,
        lines.quantity,
        {%- for amount in amounts %}
        cast(
            case
                when lines.paid_currency = '{{ var("currency") }}' then lines.{{ amount }}
                else round(lines.{{ amount }} * rates.rate, 2)
            end as decimal(14, 2)
        ) as {{ amount }},
        {%- endfor %}
        '{{ var("currency") }}' as currency,
        lines.paid_currency
    from lines
    inner join orders
        on
            orders.contract = lines.contract
            and orders.source = lines.source
            and orders.order_id = lines.order_id
    left join buyers
        on
            buyers.contract = lines.contract
            and buyers.source = lines.source
            and buyers.order_id = lines.order_id
    left join owners
        on
            owners.identifier_key = buyers.identifier_key
            and {{ held_at('owners', 'orders.ordered_at') }}
    left join rates
        on
            rates.from_currency = lines.paid_currency
            and rates.valid_from <= orders.order_date
            and (rates.valid_to is null or rates.valid_to > orders.order_date)
)

select * from final
