-- grain: one row per source and member
with records as (
    {{ latest_records(source('raw', 'raw_crm__member'), key=['member_id_key']) }}
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
        _loaded_at as loaded_at
    from dated
    where registered_date is null or {{ happened_by_then('registered_date') }}
)

select * from final
