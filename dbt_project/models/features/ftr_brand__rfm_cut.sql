-- grain: one row per month, measure of RFM and cut
-- What separates one score from the next, from purchases before the month: of those who bought in
-- the window, or fixed by seeds/rfm_cuts.csv. A cut is the first value past a quantile (tie_step
-- above it): who equals the quantile stays below, so that the many with one order have one score.
{%- set measures = {
    'recency': 'recency_days', 'frequency': 'order_count', 'monetary': 'net_sales_amount',
} %}
with rules as (
    {{ brand_rows(ref('rfm_rules'), key=['measure']) }}
),

fixed as (
    {{ brand_rows(ref('rfm_cuts'), key=['measure', 'cut_number']) }}
),

measured as (
    select
        {{ add_days('measured_date', '1') }} as valid_from,
        recency_days,
        order_count,
        net_sales_amount
    from {{ ref('ftr_customer__rfm_measure') }}
    where is_month_end and order_count > 0
),

values_by_measure as (
    {%- for measure, column in measures.items() %}
    select
        valid_from,
        '{{ measure }}' as measure,
        cast({{ column }} as decimal(16, 2)) as measure_value
    from measured
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

population as (
    select
        values_by_measure.valid_from,
        values_by_measure.measure,
        values_by_measure.measure_value,
        rules.bin_count
    from values_by_measure
    inner join rules on rules.measure = values_by_measure.measure
    where rules.method = 'quantile'
),

quantiles as (
    {{ quantile_cuts('population') }}
),

months as (
    select
        valid_from,
        count(*) as member_count
    from measured
    group by valid_from
),

cuts as (
    select
        quantiles.valid_from,
        quantiles.measure,
        rules.method,
        quantiles.bin_count,
        quantiles.cut_number,
        quantiles.cut_value + rules.tie_step as cut_value,
        quantiles.member_count
    from quantiles
    inner join rules on rules.measure = quantiles.measure
    union all
    select
        months.valid_from,
        rules.measure,
        rules.method,
        rules.bin_count,
        fixed.cut_number,
        fixed.cut_value,
        months.member_count
    from months
    cross join rules
    inner join fixed on fixed.measure = rules.measure and fixed.cut_number < rules.bin_count
    where rules.method = 'fixed'
),

final as (
    select
        valid_from,
        lead(valid_from) over (
            partition by measure, cut_number
            order by valid_from
        ) as valid_to,
        measure,
        method,
        cast(bin_count as integer) as bin_count,
        cast(cut_number as integer) as cut_number,
        cast(cut_value as decimal(18, 4)) as cut_value,
        member_count as customer_count
    from cuts
)

select * from final
