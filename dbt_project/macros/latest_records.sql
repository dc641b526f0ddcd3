{#-
    A landed table without its superseded rows: of equal keys of one source the row that came in
    last counts, within a load the one further down. A row that was replayed from quarantine came in
    with its load, not with its replay. Rows landed after `known_at` do not exist.
-#}
{% macro latest_records(relation, key) %}
    select *
    from (
        select
            *,
            row_number() over (
                partition by _source, {{ key | join(', ') }}
                order by coalesce(_version_at, _loaded_at) desc, _row_number desc, _batch_id desc
            ) as version_rank
        from {{ relation }}
        where {{ known_by_then('_loaded_at') }} and {{ is_newly_landed(relation) }}
    ) as ranked
    where version_rank = 1
{%- endmacro %}
