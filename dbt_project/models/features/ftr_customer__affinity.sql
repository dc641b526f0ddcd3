-- grain: one row per identified customer, kind of thing and thing they have shown interest in
-- Every sign of interest (seeds/affinity_weights.csv) counts with its weight, which halves every
-- var affinity_half_life_days. A purchase counts per line that was not given back. A sign about a
-- product is one about its category, style and brand too; content is what a message or post showed.
{%- set kinds = {
    'category': 'products.category', 'style': 'products.style',
    'brand': 'products.brand_name', 'product': 'products.product_id',
} %}
with weights as (
    {{ brand_rows(ref('affinity_weights'), key=['event_type']) }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

products as (
    select
        product_id,
        category,
        style,
        brand_name
    from {{ ref('dim_product') }}
),

signs as (
    select
        customer_key,
        event_type,
        event_date,
        product_id,
        content_key
    from {{ ref('fct_event') }}
    where event_type <> 'purchase' and (product_id is not null or content_key is not null)
    union all
    select
        customer_key,
        'purchase' as event_type,
        order_date as event_date,
        product_id,
        null as content_key
    from {{ ref('ftr_order__line_net') }}
    where net_sales_amount > 0 or refund_amount = 0
),

faded as (
    select
        signs.customer_key,
        signs.event_date,
        signs.product_id,
        signs.content_key,
        cast(
            weights.weight * power(
                0.5,
                {{ days_between('signs.event_date', 'clock.as_of_date') }}
                / {{ var('affinity_half_life_days') }}
            ) as decimal(18, 8)
        ) as strength
    from signs
    inner join weights on weights.event_type = signs.event_type
    cross join clock
    where signs.customer_key <> {{ unidentified() }}
),

interests as (
    {%- for kind, column in kinds.items() %}
    select
        faded.customer_key,
        '{{ kind }}' as kind,
        {{ column }} as interest,
        faded.event_date,
        faded.strength
    from faded
    inner join products on products.product_id = faded.product_id
    where {{ column }} is not null
    union all
    {%- endfor %}
    select
        customer_key,
        'content' as kind,
        content_key as interest,
        event_date,
        strength
    from faded
    where content_key is not null
),

summed as (
    select
        customer_key,
        kind,
        interest,
        count(*) as sign_count,
        max(event_date) as last_sign_date,
        cast(sum(strength) as decimal(12, 4)) as affinity_score
    from interests
    group by customer_key, kind, interest
),

ranked as (
    select
        *,
        sum(affinity_score) over (partition by customer_key, kind) as kind_score,
        row_number() over (
            partition by customer_key, kind
            order by affinity_score desc, interest asc
        ) as affinity_rank
    from summed
    where affinity_score >= {{ var('affinity_least_score') }}
),

final as (
    select
        customer_key,
        kind,
        interest,
        sign_count,
        last_sign_date,
        affinity_score,
        {{ share_of('affinity_score', 'kind_score') }} as affinity_share,
        cast(affinity_rank as integer) as affinity_rank
    from ranked
)

select * from final
