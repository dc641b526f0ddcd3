{#- Whole months from the month of the first date to that of the second. -#}
{% macro months_between(first_day, second_day) %}
    {{
        return(
            '((extract(year from ' ~ second_day ~ ') - extract(year from ' ~ first_day
            ~ ')) * 12 + extract(month from ' ~ second_day ~ ') - extract(month from ' ~ first_day
            ~ '))'
        )
    }}
{% endmacro %}
