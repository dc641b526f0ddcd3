-- grain: one row per source and lead id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['lead_id'] %}
{{ config(**restated_by_landing('raw_lead__lead', key, dated_by='created_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_lead__lead'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('created_at') }} as created_date
    from records
),

final as (
    select
        _source as source,
        lead_id,
        lead_source,
        status,
        created_at,
        created_date,
        assigned_at,
        closed_at,
        lost_reason,
        campaign_id,
        product_id,
        store_id,
        staff_id,
        member_id_key,
        phone_key,
        email_key,
        cookie_id_key,
        app_id,
        openid_key,
        full_name_key,
        birthday,
        home_city,
        address_key,
        note_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('created_date') }}
)

select * from final
