-- grain: one row per source, campaign and member it was sent to
with deliveries as (
    select
        source,
        campaign_id,
        member_id_key,
        channel,
        delivered_date
    from {{ ref('int_campaign__delivery') }}
),

final as (
    select
        'campaign.target' as contract,
        source,
        campaign_id || '|' || member_id_key as source_record,
        member_id_key as identifier_key,
        {{ day_start('delivered_date') }} as event_at,
        delivered_date as event_date,
        false as has_time_of_day,
        channel,
        'campaign' as touchpoint,
        'outbound' as direction,
        'message_delivered' as event_type,
        campaign_id,
        cast(null as {{ type_text() }}) as content_key,
        cast(null as {{ type_text() }}) as product_id,
        cast(null as {{ type_text() }}) as store_id,
        cast(null as decimal(14, 2)) as value_amount,
        cast(null as {{ type_text() }}) as currency
    from deliveries
)

select * from final
