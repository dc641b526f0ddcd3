{#- Every value lies between the bounds; an empty one does. -#}
{% test accepted_range(model, column_name, minimum=none, maximum=none, is_minimum_included=true) %}
select {{ column_name }}
from {{ model }}
where
    false
    {%- if minimum is not none %}
    or {{ column_name }} {{ '<' if is_minimum_included else '<=' }} {{ minimum }}
    {%- endif %}
    {%- if maximum is not none %}
    or {{ column_name }} > {{ maximum }}
    {%- endif %}
{% endtest %}
