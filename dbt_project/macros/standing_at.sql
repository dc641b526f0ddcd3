{#-
    Joins what a customer had bought at the end of a day: the row of `standings`
    (ftr_customer__purchase_standing) in force, as `alias`. `customer` is the key to join by.
-#}
{% macro standing_at(alias, customer, day) %}
    left join standings as {{ alias }}
        on
            {{ alias }}.customer_key = {{ customer }}
            and {{ alias }}.valid_from <= {{ day }}
            and ({{ alias }}.valid_to is null or {{ alias }}.valid_to > {{ day }})
{%- endmacro %}


{#- Joins the row of a dated relation (valid_from, valid_to) in force on a day. -#}
{% macro in_force(relation, day) %}
    {{
        return(
            relation ~ '.valid_from <= ' ~ day ~ ' and (' ~ relation ~ '.valid_to is null or '
            ~ relation ~ '.valid_to > ' ~ day ~ ')'
        )
    }}
{% endmacro %}


{#-
    The bands of a measure (seeds/customer_bands.csv) with the value each begins and ends at; the first
    has no beginning, the last no end.
-#}
{% macro bands_of(measure) %}
    select
        band_number,
        case when band_number > 1 then from_value end as from_value,
        lead(from_value) over (order by band_number) as until_value
    from (
        {{ brand_rows(ref('customer_bands'), key=['measure', 'band_number']) }}
    ) as bands
    where measure = '{{ measure }}'
{%- endmacro %}


{#- Whether a value lies in a band of `bands_of`. -#}
{% macro in_band(bands, value) %}
    {{
        return(
            'coalesce(' ~ bands ~ '.from_value <= ' ~ value ~ ', true) and coalesce('
            ~ bands ~ '.until_value > ' ~ value ~ ', true)'
        )
    }}
{% endmacro %}
