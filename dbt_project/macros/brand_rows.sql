{#-
    The rows of a seed that hold for this brand: its own where it has one of that key, else the
    default `*`.
-#}
{% macro brand_rows(relation, key) %}
    select *
    from (
        select
            *,
            row_number() over (
                partition by {{ key | join(', ') }}
                order by case when brand = '*' then 1 else 0 end
            ) as brand_rank
        from {{ relation }}
        where brand in ('*', '{{ var("brand") }}')
    ) as ranked
    where brand_rank = 1
{%- endmacro %}
