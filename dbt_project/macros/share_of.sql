{#- The share (0 to 1) that a part is of a whole; empty where there is nothing to be a part of. -#}
{% macro share_of(part, whole) %}
    {{
        return(
            'cast(cast(' ~ part ~ ' as decimal(18, 4)) / nullif(' ~ whole
            ~ ', 0) as decimal(7, 6))'
        )
    }}
{% endmacro %}
