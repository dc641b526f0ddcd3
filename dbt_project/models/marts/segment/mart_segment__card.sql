-- grain: one row per scheme and segment that somebody has
-- What a marketer reads of a segment: size, worth, and the first marks of each kind, best first.
{%- set kinds = {
    'category': 'needs', 'product': 'typical_products', 'channel': 'channels', 'pain': 'pain_points',
} %}
{%- set firsts = [] %}
{%- for kind, column in kinds.items() %}
{%- for rank in [1, 2, 3] %}
{%- set is_it = "kind = '" ~ kind ~ "' and mark_rank = " ~ rank %}
{%- do firsts.append('max(case when ' ~ is_it ~ ' then mark end) as ' ~ column ~ '_' ~ rank) %}
{%- endfor %}
{%- endfor %}
with members as (
    select
        scheme,
        segment,
        customer_key
    from {{ ref('mart_segment__member') }}
),

worths as (
    select
        customer_key,
        as_of_date,
        recency_days,
        order_count,
        net_sales_amount,
        value_amount,
        potential_amount,
        attrition_score
    from {{ ref('mart_customer__worth') }}
),

labels as (
    {{ brand_rows(ref('rfm_segments'), key=['segment']) }}
),

products as (
    select
        product_id,
        product_name
    from {{ ref('dim_product') }}
),

marks as (
    select
        marks.scheme,
        marks.segment,
        marks.kind,
        marks.mark_rank,
        coalesce(products.product_name, marks.mark) as mark
    from {{ ref('mart_segment__mark') }} as marks
    left join products on marks.kind = 'product' and products.product_id = marks.mark
    where marks.mark_rank <= 3
),

told as (
    select
        {{ firsts | join(',\n        ') }},
        scheme,
        segment
    from marks
    group by scheme, segment
),

sizes as (
    select
        members.scheme,
        members.segment,
        min(worths.as_of_date) as as_of_date,
        count(*) as customer_count,
        sum(worths.net_sales_amount) as net_sales_amount,
        sum(worths.value_amount) as value_amount,
        sum(worths.potential_amount) as potential_amount,
        sum(worths.order_count) as order_count,
        avg(worths.recency_days) as mean_recency_days,
        avg(worths.attrition_score) as mean_attrition_score,
        sum(count(*)) over (partition by members.scheme) as all_count,
        sum(sum(worths.net_sales_amount)) over (partition by members.scheme) as all_sales_amount
    from members
    inner join worths on worths.customer_key = members.customer_key
    group by members.scheme, members.segment
),

final as (
    select
        sizes.scheme,
        sizes.segment,
        coalesce(labels.label_en, sizes.segment) as label_en,
        coalesce(labels.label_zh, sizes.segment) as label_zh,
        labels.meaning,
        sizes.customer_count,
        {{ share_of('sizes.customer_count', 'sizes.all_count') }} as customer_share,
        cast(sizes.net_sales_amount as decimal(16, 2)) as net_sales_amount,
        {{ share_of('sizes.net_sales_amount', 'sizes.all_sales_amount') }} as net_sales_share,
        cast(sizes.value_amount as decimal(16, 2)) as value_amount,
        cast(sizes.potential_amount as decimal(16, 2)) as potential_amount,
        cast(sizes.net_sales_amount / nullif(sizes.order_count, 0) as decimal(14, 2))
            as net_sales_per_order_amount,
        cast(sizes.mean_recency_days as decimal(9, 1)) as mean_recency_days,
        cast(sizes.mean_attrition_score as decimal(7, 6)) as mean_attrition_score,
        {%- for column in kinds.values() %}
        told.{{ column }}_1
        || coalesce(', ' || told.{{ column }}_2, '')
        || coalesce(', ' || told.{{ column }}_3, '') as {{ column }},
        {%- endfor %}
        '{{ var("currency") }}' as currency,
        sizes.as_of_date
    from sizes
    left join told on told.scheme = sizes.scheme and told.segment = sizes.segment
    left join labels on sizes.scheme = 'rfm' and labels.segment = sizes.segment
)

select * from final
