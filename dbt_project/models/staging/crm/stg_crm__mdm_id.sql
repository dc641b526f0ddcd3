-- grain: one row per source, system, mdm id and member id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['system', 'mdm_id_key', 'member_id_key'] %}
{{ config(**restated_by_landing('raw_crm__mdm_id', key, dated_by='matched_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_crm__mdm_id'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('matched_at') }} as matched_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        system,
        mdm_id_key,
        member_id_key,
        phone_key,
        email_key,
        matched_at,
        matched_date,
        match_method,
        _loaded_at as loaded_at
    from dated
    where matched_date is null or {{ happened_by_then('matched_date') }}
)

select * from final
