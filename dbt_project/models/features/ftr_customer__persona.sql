-- grain: one row per identified customer who bought or did something
-- What marketers ask first, told by what the customer does and not by what they are.
with lines as (
    select
        customer_key,
        source,
        order_id,
        product_id,
        ordered_at
    from {{ ref('ftr_order__line_net') }}
    where customer_key <> {{ unidentified() }} and (net_sales_amount > 0 or refund_amount = 0)
),

products as (
    select
        product_id,
        category
    from {{ ref('dim_product') }}
    where category is not null
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

choices as (
    select distinct
        'category' as choice,
        lines.customer_key,
        products.category as chosen,
        lines.source || ' ' || lines.order_id as record,
        lines.ordered_at as chosen_at
    from lines
    inner join products on products.product_id = lines.product_id
    union all
    select
        'store' as choice,
        customer_key,
        store_id as chosen,
        source || ' ' || order_id as record,
        ordered_at as chosen_at
    from {{ ref('fct_order') }}
    where customer_key <> {{ unidentified() }} and store_id is not null
    union all
    select
        'channel' as choice,
        events.customer_key,
        events.channel as chosen,
        events.event_id as record,
        events.event_at as chosen_at
    from {{ ref('fct_event') }} as events
    cross join clock
    where
        events.customer_key <> {{ unidentified() }}
        and events.direction = 'inbound'
        and events.event_type <> 'consent_withdrawn'
        and events.channel not in ('crm', 'unknown')
        and events.event_date
        > {{ add_days('clock.as_of_date', '-' ~ var('engagement_days')) }}
),

counted as (
    select
        choice,
        customer_key,
        chosen,
        count(distinct record) as choice_count,
        max(chosen_at) as last_chosen_at
    from choices
    group by choice, customer_key, chosen
),

ranked as (
    select
        *,
        row_number() over (
            partition by choice, customer_key
            order by choice_count desc, last_chosen_at desc, chosen asc
        ) as choice_rank
    from counted
),

favourites as (
    select
        customer_key,
        max(case when choice = 'category' then chosen end) as favourite_category,
        max(case when choice = 'store' then chosen end) as favourite_store_id,
        max(case when choice = 'channel' then chosen end) as preferred_channel
    from ranked
    where choice_rank = 1
    group by customer_key
),

sizes as (
    select
        customer_key,
        {{ json_object_text('category', 'package_size') }} as remembered_sizes
    from {{ ref('ftr_customer__size') }}
    group by customer_key
),

days as (
    select
        customer_key,
        discounted_share,
        row_number() over (partition by customer_key order by fact_date desc) as last_rank
    from {{ ref('ftr_customer__fact_day') }}
),

final as (
    select
        days.customer_key,
        favourites.favourite_category,
        favourites.favourite_store_id,
        favourites.preferred_channel,
        days.discounted_share,
        sizes.remembered_sizes
    from days
    left join favourites on favourites.customer_key = days.customer_key
    left join sizes on sizes.customer_key = days.customer_key
    where days.last_rank = 1
)

select * from final
