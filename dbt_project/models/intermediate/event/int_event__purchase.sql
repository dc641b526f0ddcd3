-- grain: one row per source and order
with orders as (
    select
        contract,
        channel,
        source,
        order_id,
        identifier_key,
        ordered_at,
        order_date,
        store_id,
        sales_amount,
        currency
    from {{ ref('fct_order') }}
),

final as (
    select
        contract,
        source,
        order_id as source_record,
        identifier_key,
        ordered_at as event_at,
        order_date as event_date,
        true as has_time_of_day,
        channel,
        case when channel = 'store' then 'till' else 'checkout' end as touchpoint,
        'inbound' as direction,
        'purchase' as event_type,
        cast(null as {{ type_text() }}) as campaign_id,
        cast(null as {{ type_text() }}) as content_key,
        cast(null as {{ type_text() }}) as product_id,
        store_id,
        sales_amount as value_amount,
        currency
    from orders
)

select * from final
