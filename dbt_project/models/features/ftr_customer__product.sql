-- grain: one row per identified customer and product bought
with lines as (
    select
        customer_key,
        product_id,
        source,
        order_id,
        channel,
        ordered_at,
        order_date,
        quantity,
        sales_amount,
        refund_amount,
        net_sales_amount
    from {{ ref('ftr_order__line_net') }}
    where customer_key <> {{ unidentified() }}
),

products as (
    select
        product_id,
        product_name,
        category,
        package_size
    from {{ ref('dim_product') }}
),

purchases as (
    select
        customer_key,
        product_id,
        source,
        order_id,
        min(channel) as channel,
        min(ordered_at) as ordered_at,
        min(order_date) as order_date,
        sum(quantity) as quantity,
        sum(sales_amount) as sales_amount,
        sum(refund_amount) as refund_amount,
        sum(net_sales_amount) as net_sales_amount
    from lines
    group by customer_key, product_id, source, order_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key, product_id
            order by ordered_at desc, source asc, order_id desc
        ) as last_rank
    from purchases
),

bought as (
    select
        customer_key,
        product_id,
        min(order_date) as first_bought_date,
        max(order_date) as last_bought_date,
        max(ordered_at) as last_bought_at,
        count(*) as purchase_count,
        sum(quantity) as quantity,
        sum(sales_amount) as sales_amount,
        sum(refund_amount) as refund_amount,
        sum(net_sales_amount) as net_sales_amount,
        max(case when last_rank = 1 then channel end) as last_channel,
        max(
            case
                when last_rank = 1 and refund_amount > 0 and net_sales_amount <= 0 then 1
                else 0
            end
        ) = 1 as is_last_returned
    from ranked
    group by customer_key, product_id
),

final as (
    select
        bought.customer_key,
        bought.product_id,
        products.product_name,
        products.category,
        products.package_size,
        bought.first_bought_date,
        bought.last_bought_date,
        bought.last_bought_at,
        bought.purchase_count,
        cast(bought.quantity as bigint) as quantity,
        cast(bought.sales_amount as decimal(16, 2)) as sales_amount,
        cast(bought.refund_amount as decimal(16, 2)) as refund_amount,
        cast(bought.net_sales_amount as decimal(16, 2)) as net_sales_amount,
        '{{ var("currency") }}' as currency,
        bought.last_channel,
        bought.is_last_returned
    from bought
    left join products on products.product_id = bought.product_id
)

select * from final
