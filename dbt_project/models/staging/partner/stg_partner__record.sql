-- grain: one row per source, partner id and record id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['partner_id', 'record_id'] %}
{{ config(**restated_by_landing('raw_partner__record', key, dated_by='recorded_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_partner__record'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('recorded_at') }} as recorded_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        partner_id,
        record_id,
        owner,
        consent_basis,
        record_type,
        recorded_at,
        recorded_date,
        name,
        text_value,
        number_value,
        campaign_id,
        member_id_key,
        phone_key,
        email_key,
        unionid_key,
        partner_person_id_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('recorded_date') }}
)

select * from final
