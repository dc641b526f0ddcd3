{#-
    None of `columns` is null in any row: one query for all of them, where not_null would ask one
    each.
-#}
{% test never_empty(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where
    {% for column in columns -%}
    {{ column }} is null{{ '' if loop.last else ' or ' }}
    {% endfor %}
{% endtest %}
