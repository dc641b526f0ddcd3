-- grain: one row per source and invitation id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['invitation_id'] %}
{{ config(**restated_by_landing('raw_survey__invitation', key, dated_by='invited_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_survey__invitation'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('invited_at') }} as invited_date
    from records
),

final as (
    select
        _source as source,
        invitation_id,
        survey_id,
        survey_version,
        channel,
        invited_at,
        invited_date,
        trigger,
        order_id,
        case_id,
        store_id,
        member_id_key,
        phone_key,
        email_key,
        cookie_id_key,
        app_id,
        openid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('invited_date') }}
)

select * from final
