-- grain: one row
-- The day up to which everything is told: var as_of, else the newest day of the contracts that
-- advance the clock.
with newest_days as (
    {%- for record in contract_records() if record.is_clock %}
    select max({{ record.day }}) as newest_date from {{ ref(record.model) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

newest as (
    select max(newest_date) as newest_date
    from newest_days
),

final as (
    select {{ as_of_or('newest.newest_date') }} as as_of_date
    from newest
)

select * from final
