{#-
    The first filled one of some columns of `records`, or of the identifiers joined for them
    (`usable`: one relation a column).
-#}
{% macro first_filled(where, columns) %}
    {%- set found = [] -%}
    {%- for column in columns -%}
        {%- if where == 'records' -%}
            {%- do found.append('records.' ~ column) -%}
        {%- else -%}
            {%- do found.append('usable_' ~ column ~ '.identifier_key') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return('coalesce(' ~ found | join(', ') ~ ')') }}
{% endmacro %}


{#- Joins a relation of identifiers once for each of the columns, as `<relation>_<column>`. -#}
{% macro joined_for(records, columns, relation) %}
    {%- set joins = [] -%}
    {%- for column in columns -%}
        {%- set alias = relation ~ '_' ~ column -%}
        {%- do joins.append(
            'left join ' ~ relation ~ ' as ' ~ alias ~ '\n        on ' ~ alias ~ '.identifier_key = '
            ~ records ~ '.' ~ column
        ) -%}
    {%- endfor -%}
    {{ return(joins | join('\n    ')) }}
{% endmacro %}
