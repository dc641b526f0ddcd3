-- grain: one row per contract and business day with landed records
-- How many records a channel brought, how many of them name somebody, and how many belong to a
-- customer. Records without a day count for the undated one.
with usable as (
    select identifier_key
    from {{ ref('int_identity__customer_identifier') }}
    where is_usable
),

final as (
    {%- for record in contract_records() %}
    {%- set columns = record.identifiers.values() | list %}
    select
        '{{ record.rule }}' as contract,
        {{ evidence_date(record) }} as stream_date,
        count(*) as row_count,
        {%- if columns %}
        count(coalesce({{ columns | join(', ') }}, null)) as named_count,
        count(
            coalesce(
                {%- for column in columns %}
                usable_{{ loop.index }}.identifier_key,
                {%- endfor %}
                null
            )
        ) as joined_count,
        {%- else %}
        cast(null as bigint) as named_count,
        cast(null as bigint) as joined_count,
        {%- endif %}
        max(loaded_at) as newest_loaded_at
    from {{ ref(record.model) }}
    {%- for column in columns %}
    left join usable as usable_{{ loop.index }}
        on usable_{{ loop.index }}.identifier_key = {{ column }}
    {%- endfor %}
    group by {{ evidence_date(record) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
