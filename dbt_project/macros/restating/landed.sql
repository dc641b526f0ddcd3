{#-
    Staging tables: restated by the records of which a version was landed, or whose day has come, since
    the cut.

    A record is named by its source and the columns of its key; it is found by their hash, since a key
    may be too long for an index. Two records that share one are restated together.
-#}

{#-
    The config of a staging table: the raw table it is made from, the key of a record there and here,
    and the column of raw that dates it, by a day or by a moment (`has_moment`), if any does.
-#}
{% macro restated_by_landing(raw, key, staged_key=none, dated_by=none, has_moment=true) %}
    {{
        return({
            'materialized': 'incremental',
            'incremental_strategy': 'landed',
            'on_schema_change': 'fail',
            'meta': {
                'touched_by': raw,
                'key': key,
                'staged_key': staged_key or key,
                'dated_by': dated_by,
                'has_moment': has_moment,
            },
        })
    }}
{% endmacro %}


{#- The strategy `landed`: the rows of such records give way to those of the model's query. -#}
{% macro get_incremental_landed_sql(arguments) %}
    {%- set meta = config.require('meta') -%}
    {%- set target = arguments['target_relation'] -%}
    {%- set record = touchstream.hash_of_row(['source'] + meta['staged_key']) -%}
    {{ touchstream.make_rows_findable(target, [record]) }}
    delete from {{ target }}
    where {{ record }} in (
        {{ touchstream.newly_landed(source('raw', meta['touched_by']), meta) }}
    );
    {{ get_insert_into_sql(target, arguments['temp_relation'], arguments['dest_columns']) }}
{% endmacro %}


{#- The records that a staging table is restated by: the hashes of their names. -#}
{% macro newly_landed(raw, meta) %}
    select {{ hash_of_row(['_source'] + meta['key']) }}
    from {{ raw }}
    where {{ known_since('_loaded_at') }}
    {%- if meta['dated_by'] and var('standing_as_of') != var('as_of') %}
    union
    select {{ hash_of_row(['_source'] + meta['key']) }}
    from {{ raw }}
    where
        {{ known_by_then('_loaded_at') }}
        and {{
            happened_at_since(meta['dated_by']) if meta['has_moment']
            else happened_since(meta['dated_by'])
        }}
    {%- endif %}
{%- endmacro %}


{#- A condition on rows of raw that holds for those of such records; true where the table is made whole. -#}
{% macro is_newly_landed(raw) %}
    {%- if not is_incremental() -%}{{- return('true') -}}{%- endif -%}
    {%- set meta = config.require('meta') -%}
    {{- return(hash_of_row(['_source'] + meta['key']) ~ ' in (' ~ newly_landed(raw, meta) ~ ')') -}}
{% endmacro %}


{#-
    For the start of a staging model: what its raw table needs for few rows to be found. Made the first
    time that the staging table is restated; so a history that is landed at once is written without.
-#}
{% macro make_landed_findable() %}
    {%- set meta = model.config.get('meta', {}) -%}
    {%- if not is_incremental() or 'key' not in meta -%}{{ return('') }}{%- endif -%}
    {%- set moments = ['_loaded_at'] + ([meta['dated_by']] if meta['dated_by'] else []) -%}
    {{
        return(touchstream.make_rows_findable(
            source('raw', meta['touched_by']),
            [touchstream.hash_of_row(['_source'] + meta['key'])],
            moments
        ))
    }}
{% endmacro %}
