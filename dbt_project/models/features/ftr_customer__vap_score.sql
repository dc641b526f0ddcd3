-- grain: one row per customer and measuring day by which they had bought
-- Value and potential: the share of the cuts in force that lie at or below. Attrition: the silence
-- over itself and var vap_silence_cycles cycles, which is a half when both are equal. Classes by
-- seeds/vap_classes.csv.
{%- set measures = ['value', 'attrition', 'potential'] %}
with measured as (
    select
        measures.customer_key,
        measures.measured_date,
        measures.is_month_end,
        measures.is_as_of,
        measures.value_amount,
        measures.costed_share,
        measures.recency_days,
        measures.cycle_days,
        potentials.peer_value_amount,
        potentials.growth_factor,
        potentials.potential_amount
    from {{ ref('ftr_customer__vap_measure') }} as measures
    inner join {{ ref('ftr_customer__potential') }} as potentials
        on
            potentials.customer_key = measures.customer_key
            and potentials.measured_date = measures.measured_date
),

cuts as (
    select
        valid_from,
        valid_to,
        measure,
        cut_value
    from {{ ref('ftr_brand__vap_cut') }}
),

classes as (
    {{ brand_rows(ref('vap_classes'), key=['measure']) }}
),

limits as (
    select
        {%- for measure in measures %}
        min(case when measure = '{{ measure }}' then mid_from end) as {{ measure }}_mid_from,
        min(case when measure = '{{ measure }}' then high_from end) as {{ measure }}_high_from
        {{- '' if loop.last else ',' }}
        {%- endfor %}
    from classes
),

{% set values = {'value': 'value_amount', 'potential': 'potential_amount'} -%}
places as (
    select
        measured.customer_key,
        measured.measured_date,
        {%- for measure, column in values.items() %}
        count(
            case
                when cuts.measure = '{{ measure }}' and cuts.cut_value <= measured.{{ column }}
                    then 1
            end
        ) as {{ measure }}_passed,
        count(
            case
                when cuts.measure = '{{ measure }}' and measured.{{ column }} is not null then 1
            end
        ) as {{ measure }}_cuts
        {{- '' if loop.last else ',' }}
        {%- endfor %}
    from measured
    inner join cuts on {{ in_force('cuts', 'measured.measured_date') }}
    group by measured.customer_key, measured.measured_date
),

scored as (
    select
        measured.*,
        {{ share_of('places.value_passed', 'places.value_cuts') }} as value_score,
        {{
            share_of(
                'measured.recency_days',
                '(measured.recency_days + measured.cycle_days * ' ~ var('vap_silence_cycles') ~ ')',
            )
        }} as attrition_score,
        {{ share_of('places.potential_passed', 'places.potential_cuts') }} as potential_score
    from measured
    left join places
        on
            places.customer_key = measured.customer_key
            and places.measured_date = measured.measured_date
),

final as (
    select
        scored.*,
        {%- for measure in measures %}
        case
            when scored.{{ measure }}_score >= limits.{{ measure }}_high_from then 'high'
            when scored.{{ measure }}_score >= limits.{{ measure }}_mid_from then 'mid'
            when scored.{{ measure }}_score is not null then 'low'
        end as {{ measure }}_class{{ '' if loop.last else ',' }}
        {%- endfor %}
    from scored
    cross join limits
)

select * from final
