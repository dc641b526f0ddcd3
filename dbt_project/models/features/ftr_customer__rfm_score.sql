-- grain: one row per customer and measuring day by which they had bought
-- A score is one more than the cuts at or below the value; of recency the other way round. Scored
-- by the cuts in force on that day; before the brand has any, there is no score. A segment is the
-- first by priority whose ranges hold the scores.
{%- set measures = ['recency', 'frequency', 'monetary'] %}
with measures as (
    select
        customer_key,
        measured_date,
        is_month_end,
        is_as_of,
        last_order_date,
        recency_days,
        order_count,
        net_sales_amount
    from {{ ref('ftr_customer__rfm_measure') }}
),

cuts as (
    select
        valid_from,
        valid_to,
        measure,
        bin_count,
        cut_value
    from {{ ref('ftr_brand__rfm_cut') }}
),

segments as (
    {{ brand_rows(ref('rfm_segments'), key=['segment']) }}
),

passed as (
    select
        measures.customer_key,
        measures.measured_date,
        {%- for measure in measures %}
        max(case when cuts.measure = '{{ measure }}' then cuts.bin_count end)
            as {{ measure }}_bins,
        {%- endfor %}
        count(
            case
                when cuts.measure = 'recency' and cuts.cut_value <= measures.recency_days then 1
            end
        ) as recency_cuts,
        count(
            case
                when cuts.measure = 'frequency' and cuts.cut_value <= measures.order_count then 1
            end
        ) as frequency_cuts,
        count(
            case
                when cuts.measure = 'monetary' and cuts.cut_value <= measures.net_sales_amount
                    then 1
            end
        ) as monetary_cuts
    from measures
    inner join cuts on {{ in_force('cuts', 'measures.measured_date') }}
    group by measures.customer_key, measures.measured_date
),

scored as (
    select
        customer_key,
        measured_date,
        cast(recency_bins - recency_cuts as integer) as recency_score,
        cast(
            case when frequency_bins is not null then 1 + frequency_cuts end as integer
        ) as frequency_score,
        cast(
            case when monetary_bins is not null then 1 + monetary_cuts end as integer
        ) as monetary_score
    from passed
),

fitting as (
    select
        scored.customer_key,
        scored.measured_date,
        segments.segment,
        row_number() over (
            partition by scored.customer_key, scored.measured_date
            order by segments.priority, segments.segment
        ) as segment_rank
    from scored
    inner join segments
        on
            scored.recency_score between segments.recency_minimum and segments.recency_maximum
            and scored.frequency_score
            between segments.frequency_minimum and segments.frequency_maximum
            and scored.monetary_score
            between segments.monetary_minimum and segments.monetary_maximum
),

final as (
    select
        measures.customer_key,
        measures.measured_date,
        measures.is_month_end,
        measures.is_as_of,
        measures.last_order_date,
        measures.recency_days,
        measures.order_count,
        measures.net_sales_amount,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        fitting.segment
    from measures
    left join scored
        on
            scored.customer_key = measures.customer_key
            and scored.measured_date = measures.measured_date
    left join fitting
        on
            fitting.customer_key = measures.customer_key
            and fitting.measured_date = measures.measured_date
            and fitting.segment_rank = 1
)

select * from final
