-- grain: one row per identified customer, kind of mark and mark
-- What a customer bought, where they acted and what they suffered from within var engagement_days:
-- the marks that segments are told apart by. Pains: refunds, and the events of
-- seeds/pain_signals.csv.
with clock as (
    select
        as_of_date,
        {{ add_days('as_of_date', '-' ~ var('engagement_days')) }} as before_date
    from {{ ref('int_time__clock') }}
),

pains as (
    {{ brand_rows(ref('pain_signals'), key=['event_type']) }}
),

lines as (
    select
        lines.customer_key,
        lines.net_sales_amount,
        lines.product_id,
        products.category
    from {{ ref('ftr_order__line_net') }} as lines
    inner join {{ ref('dim_product') }} as products on products.product_id = lines.product_id
    cross join clock
    where lines.order_date > clock.before_date
),

events as (
    select
        events.customer_key,
        events.event_type,
        events.engagement,
        events.channel
    from {{ ref('fct_event') }} as events
    cross join clock
    where events.event_date > clock.before_date
),

shown as (
    select
        customer_key,
        'category' as kind,
        category as mark,
        net_sales_amount
    from lines
    where category is not null
    union all
    select
        customer_key,
        'product' as kind,
        product_id as mark,
        net_sales_amount
    from lines
    union all
    select
        customer_key,
        'channel' as kind,
        channel as mark,
        0 as net_sales_amount
    from events
    where
        engagement in ('interacted', 'tried', 'bought')
        {%- for channel in var('back_office_channels') %}
        and channel <> '{{ channel }}'
        {%- endfor %}
    union all
    select
        events.customer_key,
        'pain' as kind,
        pains.pain as mark,
        0 as net_sales_amount
    from events
    inner join pains on pains.event_type = events.event_type
    union all
    select
        refunds.customer_key,
        'pain' as kind,
        'refund' as mark,
        -refunds.refund_amount as net_sales_amount
    from {{ ref('fct_refund') }} as refunds
    cross join clock
    where refunds.refunded_date > clock.before_date
),

final as (
    select
        customer_key,
        kind,
        mark,
        count(*) as sign_count,
        cast(sum(net_sales_amount) as decimal(16, 2)) as net_sales_amount
    from shown
    where customer_key <> {{ unidentified() }}
    group by customer_key, kind, mark
)

select * from final
