-- grain: one row per identified customer and business day on which a fact of theirs changed
-- Each column says what was true at the end of that day, so that a rule over it is true since a day
-- that can be named.
{%- set measures = [
    'order_count', 'sales_amount', 'net_sales_amount', 'discounted_amount', 'channel_count',
    'category_count', 'campaign_received_count', 'voucher_redeemed_count',
] %}
{%- set changes = {
    ref('fct_order'): {
        'day': 'order_date', 'order_count': '1', 'net_sales_amount': 'sales_amount',
    },
    ref('fct_refund'): {'day': 'refunded_date', 'net_sales_amount': '-refund_amount'},
    'lines': {
        'day': 'order_date', 'sales_amount': 'sales_amount',
        'discounted_amount': 'case when is_discounted then sales_amount else 0 end',
    },
    'first_channels': {'day': 'fact_date', 'channel_count': '1'},
    'first_categories': {'day': 'fact_date', 'category_count': '1'},
    ref('fct_event'): {
        'day': 'event_date',
        'campaign_received_count': "case when event_type = 'message_delivered'"
        ~ " and campaign_id is not null then 1 else 0 end",
        'voucher_redeemed_count': "case when event_type = 'voucher_redeemed' then 1 else 0 end",
    },
} %}
{%- set sums, running_sums = [], [] %}
{%- for measure in measures %}
{%- do sums.append('sum(' ~ measure ~ ') as ' ~ measure) %}
{%- do running_sums.append('sum(' ~ measure ~ ') over so_far as ' ~ measure) %}
{%- endfor %}
{%- for told in changes.values() %}
{%- set columns = [] %}
{%- for measure in measures %}
{%- set change = 'cast(' ~ told.get(measure, '0') ~ ' as decimal(16, 2))' %}
{%- do columns.append(change ~ ' as ' ~ measure) %}
{%- endfor %}
{%- do told.update({'columns': columns | join(',\n        ')}) %}
{%- endfor %}
with lines as (
    select
        customer_key,
        order_date,
        channel,
        product_id,
        sales_amount,
        is_discounted
    from {{ ref('ftr_order__line_net') }}
),

products as (
    select
        product_id,
        category
    from {{ ref('dim_product') }}
),

first_channels as (
    select
        customer_key,
        min(order_date) as fact_date
    from {{ ref('fct_order') }}
    group by customer_key, channel
),

first_categories as (
    select
        lines.customer_key,
        min(lines.order_date) as fact_date
    from lines
    inner join products on products.product_id = lines.product_id
    where products.category is not null
    group by lines.customer_key, products.category
),

changes as (
    {%- for relation, told in changes.items() %}
    select
        customer_key,
        {{ told.day }} as fact_date,
        {{ told.columns }}
    from {{ relation }}
    where customer_key <> {{ unidentified() }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

days as (
    select
        customer_key,
        fact_date,
        {{ sums | join(',\n        ') }}
    from changes
    group by customer_key, fact_date
),

running as (
    select
        customer_key,
        fact_date,
        {{ running_sums | join(',\n        ') }}
    from days
    window so_far as (
        partition by customer_key
        order by fact_date
        rows between unbounded preceding and current row
    )
),

final as (
    select
        customer_key,
        fact_date,
        cast(order_count as bigint) as order_count,
        cast(net_sales_amount as decimal(16, 2)) as net_sales_amount,
        cast(
            case
                when sales_amount > 0 and discounted_amount between 0 and sales_amount
                    then {{ share_of('discounted_amount', 'sales_amount') }}
            end as decimal(7, 6)
        ) as discounted_share,
        cast(channel_count as bigint) as channel_count,
        cast(category_count as bigint) as category_count,
        cast(campaign_received_count as bigint) as campaign_received_count,
        cast(voucher_redeemed_count as bigint) as voucher_redeemed_count
    from running
)

select * from final
