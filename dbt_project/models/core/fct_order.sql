-- grain: one row per source and receipt (basket)
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
        source,
        order_id,
        ordered_at,
        order_date,
        store_id,
        member_id_key
    from {{ ref('int_order__basket') }}
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('bridge_customer_identifier') }}
    where is_current
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
        baskets.source,
        baskets.order_id,
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        baskets.member_id_key as identifier_key,
        baskets.ordered_at,
        baskets.order_date,
        baskets.store_id
    from baskets
    left join owners on owners.identifier_key = baskets.member_id_key
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
