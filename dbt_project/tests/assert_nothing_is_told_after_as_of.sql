-- One clock, and no event or interval later than it.
{{ config(meta={'dagster': {'ref': {'name': 'mart_customer__single_view'}}}) }}
with clock as (
    select
        max(as_of_date) as as_of_date,
        count(*) as row_count
    from {{ ref('int_time__clock') }}
)

select 'the clock has not exactly one row' as finding
from clock
where row_count <> 1

union all

select 'an event after as_of' as finding
from {{ ref('fct_event') }} as events
cross join clock
where events.event_date > clock.as_of_date

union all

select 'a customer told up to another day' as finding
from {{ ref('mart_customer__single_view') }} as customers
cross join clock
where customers.as_of_date <> clock.as_of_date
