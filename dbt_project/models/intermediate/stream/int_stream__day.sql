-- grain: one row per contract and business day with landed records
-- How many records a channel brought, how many of them name somebody, and how many belong to a
-- customer somebody can name: a device that nobody logged in on names nobody. Records without a day
-- count for the undated one.
with usable as (
    select identifier_key
    from {{ ref('int_identity__customer_identifier') }}
    where is_usable and is_first and (is_strong or assigned_to_key is not null)
),

final as (
    {%- for record in contract_records() if record.day %}
    {%- set columns = record.identifiers.values() | list %}
    select
        '{{ record.rule }}' as contract,
        {{ evidence_date(record, 'records') }} as stream_date,
        count(*) as row_count,
        {%- if columns %}
        count({{ first_filled('records', columns) }}) as named_count,
        count({{ first_filled('usable', columns) }}) as joined_count
        {%- else %}
        cast(null as bigint) as named_count,
        cast(null as bigint) as joined_count
        {%- endif %}
    from {{ ref(record.model) }} as records
    {{ joined_for('records', columns, 'usable') }}
    group by {{ evidence_date(record, 'records') }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
)

select * from final
