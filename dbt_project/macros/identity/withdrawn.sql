{#-
    Whether evidence was withdrawn: a condition on a relation with left_key, right_key, rule and a day
    in `day`.
-#}
{% macro was_withdrawn(evidence, day) %}
    exists (
        select 1
        from {{ ref('int_identity__withdrawal') }} as withdrawals
        where
            withdrawals.left_key = {{ evidence }}.left_key
            and withdrawals.right_key = {{ evidence }}.right_key
            and withdrawals.rule in ({{ evidence }}.rule, '*')
            and withdrawals.withdrawn_date >= {{ evidence }}.{{ day }}
    )
{%- endmacro %}
