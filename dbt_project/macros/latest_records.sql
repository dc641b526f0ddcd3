{#-
    A landed table without its superseded rows: of equal keys of one source the row landed last
    counts, within a load the one further down. Rows landed after `known_at` do not exist.
-#}
{% macro latest_records(relation, key) %}
    select *
    from (
        select
            *,
            row_number() over (
                partition by _source, {{ key | join(', ') }}
                order by _loaded_at desc, _batch_id desc, _row_number desc
            ) as version_rank
        from {{ relation }}
        where {{ known_by_then('_loaded_at') }}
    ) as ranked
    where version_rank = 1
{%- endmacro %}
