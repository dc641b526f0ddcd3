-- grain: one row per touch of any channel, with the customer it belongs to
-- Each touch is read once: what is known of its identifiers is joined namespace by namespace, and
-- the least by macro owner_order owns it.
{%- set facts = touch_columns() | reject('in', touch_identifiers().values() | list)
    | reject('equalto', 'identifier_key') | list %}
with touches as (
    select
        {{ touch_columns() | join(',\n        ') }}
    from {{ ref('int_event__touch') }}
),

judged as (
    select
        touches.{{ facts | join(',\n        touches.') }},
        touches.identifier_key as told_key,
        told.customer_key as told_customer_key,
        {%- for column in touch_identifiers().values() %}
        owner_{{ column }}.owner_order as order_{{ column }},
        owner_{{ column }}.customer_key as customer_{{ column }},
        {%- endfor %}
        least(
            {{ owner_orders('touches') | join(',\n            ') }}
        ) as owner_order
    from touches
    left join {{ ref('int_identity__customer_identifier') }} as told
        on
            told.identifier_key = touches.identifier_key
            and {{ held_at('told', 'touches.event_at') }}
    {{- joined_owners('touches') }}
),

final as (
    select
        {{ facts | join(',\n        ') }},
        coalesce(
            told_key, substring(owner_order, {{ owner_order_width() + 1 }}, 1000)
        ) as identifier_key,
        coalesce(
            told_customer_key,
            case owner_order
                {%- for column in touch_identifiers().values() %}
                when order_{{ column }} then customer_{{ column }}
                {%- endfor %}
            end,
            {{ unidentified() }}
        ) as customer_key
    from judged
)

select * from final
