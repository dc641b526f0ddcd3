-- grain: one row per source, calendar on, name and country
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['calendar_on', 'name', 'country'] %}
{{ config(**restated_by_landing(
    'raw_calendar__day',
    key,
    staged_key=['calendar_date', 'name', 'country'],
)) }}
with records as (
    {{ latest_records(source('raw', 'raw_calendar__day'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        calendar_on as calendar_date,
        name,
        day_type,
        country,
        period_id,
        _loaded_at as loaded_at
    from records
)

select * from final
