{#-
    How many standard errors an interval reaches to each side, where the error was learnt from few
    values: `z` (1.96 for 95 of 100) widened to Student's t by Cornish and Fisher's series. Off by
    less than a hundredth from three degrees of freedom on.
-#}
{% macro student_t(z, freedom) %}
    {%- set z = z | float(2) -%}
    {%- set first = (z ** 3 + z) / 4 -%}
    {%- set second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96 -%}
    {%- set third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384 -%}
    {{
        return(
            '(' ~ z ~ ' + ' ~ (first | round(6)) ~ ' / ' ~ freedom ~ ' + ' ~ (second | round(6))
            ~ ' / (' ~ freedom ~ ' * ' ~ freedom ~ ') + ' ~ (third | round(6)) ~ ' / ('
            ~ freedom ~ ' * ' ~ freedom ~ ' * ' ~ freedom ~ '))'
        )
    }}
{% endmacro %}
