-- grain: one row per source and order (basket) that is paid and whose lines have landed
with lines as (
    select
        source,
        order_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_amount
    from {{ ref('fct_order_line') }}
),

baskets as (
    select
        contract,
        source,
        order_id,
        channel,
        ordered_at,
        order_date,
        store_id
    from {{ ref('int_order__basket') }}
    where is_paid
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

totals as (
    select
        source,
        order_id,
        count(*) as line_count,
        sum(quantity) as item_quantity,
        sum(sales_amount) as sales_amount,
        sum(retail_discount_amount) as retail_discount_amount,
        sum(coupon_discount_amount) as coupon_discount_amount,
        sum(coupon_match_amount) as coupon_match_amount
    from lines
    group by source, order_id
),

owned as (
    select
        baskets.contract,
        baskets.source,
        baskets.order_id,
        baskets.channel,
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        buyers.identifier_key,
        baskets.ordered_at,
        baskets.order_date,
        baskets.store_id
    from baskets
    inner join totals
        on totals.source = baskets.source and totals.order_id = baskets.order_id
    left join buyers
        on
            buyers.contract = baskets.contract
            and buyers.source = baskets.source
            and buyers.order_id = baskets.order_id
    left join owners
        on
            owners.identifier_key = buyers.identifier_key
            and {{ held_at('owners', 'baskets.ordered_at') }}
),

numbered as (
    select
        *,
        case
            when customer_key <> {{ unidentified() }}
                then row_number() over (
                    partition by customer_key
                    order by ordered_at, source, order_id
                )
        end as customer_order_number
    from owned
),

final as (
    select
        numbered.source,
        numbered.order_id,
        numbered.contract,
        numbered.channel,
        numbered.customer_key,
        numbered.identifier_key,
        numbered.ordered_at,
        numbered.order_date,
        numbered.store_id,
        totals.line_count,
        cast(totals.item_quantity as bigint) as item_quantity,
        cast(totals.sales_amount as decimal(14, 2)) as sales_amount,
        cast(
            coalesce(totals.retail_discount_amount, 0) as decimal(14, 2)
        ) as retail_discount_amount,
        cast(
            coalesce(totals.coupon_discount_amount, 0) as decimal(14, 2)
        ) as coupon_discount_amount,
        cast(coalesce(totals.coupon_match_amount, 0) as decimal(14, 2)) as coupon_match_amount,
        '{{ var("currency") }}' as currency,
        cast(numbered.customer_order_number as integer) as customer_order_number,
        coalesce(numbered.customer_order_number = 1, false) as is_first_order
    from numbered
    inner join totals
        on totals.source = numbered.source and totals.order_id = numbered.order_id
)

select * from final
