{{ config(materialized='view') }}
-- grain: one row per source and member whose registration is dated
with members as (
    select
        source,
        member_id_key,
        registered_at,
        registered_date
    from {{ ref('stg_crm__member') }}
    where registered_at is not null
),

final as (
    select
        'crm.member' as contract,
        source,
        member_id_key as source_record,
        member_id_key as identifier_key,
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
)

select * from final
