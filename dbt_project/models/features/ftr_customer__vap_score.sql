-- grain: one row per customer and measuring day by which they had bought
-- Value and potential: the share of the cuts in force that lie at or below. Attrition: the silence
-- over itself and var vap_silence_cycles cycles, which is a half when both are equal. Classes by
-- seeds/vap_classes.csv.
{%- set limits = [] %}
{%- for measure in ['value', 'attrition', 'potential'] %}
{%- for limit in ['mid_from', 'high_from'] %}
{%- set picked = "min(case when measure = '" ~ measure ~ "' then " ~ limit ~ ' end)' %}
{%- do limits.append(picked ~ ' as ' ~ measure ~ '_' ~ limit) %}
{%- endfor %}
{%- endfor %}
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
        {{ limits | join(',\n        ') }}
    from classes
),

places as (
    select
        {%- for measure in ['value', 'potential'] %}
        count(
            case
                when
                    cuts.measure = '{{ measure }}'
                    and cuts.cut_value <= measured.{{ measure }}_amount
                    then 1
            end
        ) as {{ measure }}_passed,
        count(
            case
                when
                    cuts.measure = '{{ measure }}'
                    and measured.{{ measure }}_amount is not null
                    then 1
            end
        ) as {{ measure }}_cuts,
        {%- endfor %}
        measured.customer_key,
        measured.measured_date
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
        {%- for measure in ['value', 'attrition', 'potential'] %}
        case
            when scored.{{ measure }}_score >= limits.{{ measure }}_high_from then 'high'
            when scored.{{ measure }}_score >= limits.{{ measure }}_mid_from then 'mid'
            when scored.{{ measure }}_score is not null then 'low'
        end as {{ measure }}_class,
        {%- endfor %}
        scored.*
    from scored
    cross join limits
)

select * from final
