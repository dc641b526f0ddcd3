-- grain: one row per touch between a customer and the brand
-- A new kind of touch is one model in intermediate/event/ and one line here. Stored in the order of
-- its readers.
{{ config(indexes=[{'columns': ['customer_key', 'event_at']}]) }}
{%- set columns = [
    'contract', 'source', 'source_record', 'identifier_key', 'event_at', 'event_date',
    'has_time_of_day', 'channel', 'touchpoint', 'direction', 'event_type', 'campaign_id',
    'content_key', 'product_id', 'store_id', 'value_amount', 'currency',
] %}
with touches as (
    select {{ columns | join(', ') }} from {{ ref('int_event__purchase') }}
    union all
    select {{ columns | join(', ') }} from {{ ref('int_event__delivery') }}
    union all
    select {{ columns | join(', ') }} from {{ ref('int_event__redemption') }}
    union all
    select {{ columns | join(', ') }} from {{ ref('int_event__consent') }}
    union all
    select {{ columns | join(', ') }} from {{ ref('int_event__registration') }}
),

owners as (
    select
        identifier_key,
        customer_key,
        valid_from,
        valid_to
    from {{ ref('bridge_customer_identifier') }}
),

final as (
    select
        {{
            stable_hash(['touches.contract', 'touches.source', 'touches.source_record'])
        }} as event_id,
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        touches.event_at,
        touches.event_date,
        touches.has_time_of_day,
        touches.channel,
        touches.touchpoint,
        touches.direction,
        touches.event_type,
        touches.campaign_id,
        touches.content_key,
        touches.product_id,
        touches.store_id,
        touches.value_amount,
        touches.currency,
        touches.identifier_key,
        touches.contract,
        touches.source,
        touches.source_record
    from touches
    left join owners
        on
            owners.identifier_key = touches.identifier_key
            and {{ held_at('owners', 'touches.event_at') }}
)

select * from final
order by customer_key, event_at, event_id
