-- Whoever has scores has a segment: the ranges of seeds/rfm_segments.csv leave no combination out,
-- whether or not a customer has it today.
{{ config(meta={'dagster': {'ref': {'name': 'rfm_segments'}}}) }}
with rules as (
    {{ brand_rows(ref('rfm_rules'), key=['measure']) }}
),

segments as (
    {{ brand_rows(ref('rfm_segments'), key=['segment']) }}
),

numbers as (
    {%- for score in range(1, 21) %}
    select {{ score }} as score{{ '' if loop.last else ' union all' }}
    {%- endfor %}
),

scores as (
    select
        rules.measure,
        numbers.score
    from rules
    inner join numbers on numbers.score <= rules.bin_count
)

select
    recencies.score as recency_score,
    frequencies.score as frequency_score,
    moneys.score as monetary_score
from scores as recencies
cross join scores as frequencies
cross join scores as moneys
where
    recencies.measure = 'recency'
    and frequencies.measure = 'frequency'
    and moneys.measure = 'monetary'
    and not exists (
        select 1
        from segments
        where
            recencies.score between segments.recency_minimum and segments.recency_maximum
            and frequencies.score between segments.frequency_minimum and segments.frequency_maximum
            and moneys.score between segments.monetary_minimum and segments.monetary_maximum
    )
