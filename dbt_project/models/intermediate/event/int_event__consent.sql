-- grain: one row per source and statement of consent
with statements as (
    select
        source,
        record_key,
        identifier_key,
        channel,
        purpose,
        is_granted,
        changed_at,
        changed_date
    from {{ ref('int_consent__statement') }}
    where is_owner
),

final as (
    select
        'crm.consent' as contract,
        source,
        record_key as source_record,
        identifier_key,
        changed_at as event_at,
        changed_date as event_date,
        true as has_time_of_day,
        'crm' as channel,
        'consent' as touchpoint,
        'inbound' as direction,
        case when is_granted then 'consent_given' else 'consent_withdrawn' end as event_type,
        cast(null as {{ type_text() }}) as campaign_id,
        channel || '/' || purpose as content_key,
        cast(null as {{ type_text() }}) as product_id,
        cast(null as {{ type_text() }}) as store_id,
        cast(null as decimal(14, 2)) as value_amount,
        cast(null as {{ type_text() }}) as currency
    from statements
)

select * from final
