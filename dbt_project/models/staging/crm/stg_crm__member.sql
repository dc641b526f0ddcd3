-- grain: one row per source and member id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['member_id_key'] %}
{{ config(**restated_by_landing('raw_crm__member', key, dated_by='registered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_crm__member'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('registered_at') }} as registered_date
    from records
),

final as (
    select
        _source as source,
        member_id_key,
        email_key,
        phone_key,
        full_name_key,
        registered_at,
        registered_date,
        age_band,
        income_band,
        home_ownership,
        marital_status,
        household_size,
        household_composition,
        children_count,
        coalesce(is_synthetic, false) as is_synthetic,
        gender,
        birthday,
        is_lunar_birthday,
        education,
        home_city,
        home_province,
        address_key,
        unionid_key,
        card_id_key,
        registered_through,
        store_id,
        staff_id,
        referrer_member_id_key,
        status,
        skin_type,
        time_zone,
        _loaded_at as loaded_at
    from dated
    where registered_date is null or {{ happened_by_then('registered_date') }}
)

select * from final
