-- grain: one row per number of channels a customer acted on after the first purchase
-- Beside the raw means the matched ones: of the customers for whom there are alike ones (same
-- cohort month, first category and band of first spend) on a single channel, and what those alike
-- brought, weighed as these customers are. The raw difference says who uses more channels; the
-- matched one is nearer to what the channels do, and is no proof of it.
{%- set measures = ['later_net_sales_amount', 'later_order_count', 'later_touch_count'] %}
{%- set means, weighed = [], [] %}
{%- for measure in measures %}
{%- do means.append('avg(' ~ measure ~ ') as ' ~ measure) %}
{%- for relation, prefix in {'strata': '', 'singles': 'single_'}.items() %}
{%- set total = 'sum(strata.customer_count * ' ~ relation ~ '.' ~ measure ~ ')' %}
{%- do weighed.append(
    total ~ ' / sum(strata.customer_count) as ' ~ prefix ~ measure
) %}
{%- endfor %}
{%- endfor %}
{%- set most = var('omni_most_channels') %}
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

customers as (
    select
        cohort_month_date,
        first_category,
        first_spend_band,
        least(channel_count, {{ most }}) as channel_count,
        touch_count,
        {{ measures | join(',\n        ') }}
    from {{ ref('ftr_customer__omni_start') }}
    where channel_count > 0
),

raw_means as (
    select
        channel_count,
        count(*) as customer_count,
        avg(touch_count) as touch_count,
        {{ means | join(',\n        ') }}
    from customers
    group by channel_count
),

strata as (
    select
        cohort_month_date,
        first_category,
        first_spend_band,
        channel_count,
        count(*) as customer_count,
        {{ means | join(',\n        ') }}
    from customers
    group by cohort_month_date, first_category, first_spend_band, channel_count
),

matched as (
    select
        strata.channel_count,
        count(*) as stratum_count,
        sum(strata.customer_count) as customer_count,
        {{ weighed | join(',\n        ') }}
    from strata
    inner join strata as singles
        on
            singles.cohort_month_date = strata.cohort_month_date
            and singles.first_category = strata.first_category
            and singles.first_spend_band = strata.first_spend_band
            and singles.channel_count = 1
    group by strata.channel_count
),

final as (
    select
        cast(raw_means.channel_count as integer) as channel_count,
        raw_means.channel_count = {{ most }} as is_that_many_or_more,
        raw_means.customer_count,
        cast(raw_means.touch_count as decimal(16, 2)) as mean_touch_count,
        {%- for measure in measures %}
        cast(raw_means.{{ measure }} as decimal(16, 2)) as raw_{{ measure }},
        {%- endfor %}
        cast(coalesce(matched.customer_count, 0) as bigint) as matched_customer_count,
        coalesce(matched.stratum_count, 0) as stratum_count,
        {%- for measure in measures %}
        cast(matched.{{ measure }} as decimal(16, 2)) as matched_{{ measure }},
        cast(matched.single_{{ measure }} as decimal(16, 2)) as alike_{{ measure }},
        {%- endfor %}
        '{{ var("currency") }}' as currency,
        clock.as_of_date
    from raw_means
    cross join clock
    left join matched on matched.channel_count = raw_means.channel_count
)

select * from final
