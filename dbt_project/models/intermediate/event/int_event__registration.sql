-- grain: one row per source and member whose registration is dated
with members as (
    {{
        ranked_identifiers_of(
            'crm.member',
            record_key=['source', 'member_id_key'],
            carry=['source', 'member_id_key', 'registered_at', 'registered_date'],
            at='registered_at',
        )
    }}
),

final as (
    select
        'crm.member' as contract,
        source,
        member_id_key as source_record,
        identifier_key,
        registered_at as event_at,
        registered_date as event_date,
        true as has_time_of_day,
        'crm' as channel,
        'registration' as touchpoint,
        'inbound' as direction,
        'registered' as event_type,
        cast(null as {{ type_text() }}) as campaign_id,
        cast(null as {{ type_text() }}) as content_key,
        cast(null as {{ type_text() }}) as product_id,
        cast(null as {{ type_text() }}) as store_id,
        cast(null as decimal(14, 2)) as value_amount,
        cast(null as {{ type_text() }}) as currency
    from members
    where owner_rank = 1 and registered_at is not null
)

select * from final
