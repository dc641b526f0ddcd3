-- A kind that a model tells and seeds/event_types.csv does not know would pass for an SDK's.
{{ config(meta={'dagster': {'ref': {'name': 'int_event__touch'}}}) }}
select
    touches.contract,
    touches.event_type,
    count(*) as event_count
from {{ ref('int_event__touch') }} as touches
left join {{ ref('event_types') }} as kinds
    on kinds.event_type = touches.event_type and kinds.sdk_name is null
where
    kinds.event_type is null
    and (touches.event_type is null or touches.event_type not like 'sdk/%')
group by touches.contract, touches.event_type
