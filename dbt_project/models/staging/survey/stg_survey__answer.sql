-- grain: one row per source, response id and question id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['response_id', 'question_id'] %}
{{ config(**restated_by_landing('raw_survey__answer', key, dated_by='answered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_survey__answer'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('answered_at') }} as answered_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        response_id,
        question_id,
        survey_id,
        survey_version,
        invitation_id,
        answered_at,
        answered_date,
        score,
        choice,
        text_key,
        touchpoint,
        store_id,
        product_id,
        member_id_key,
        phone_key,
        email_key,
        cookie_id_key,
        app_id,
        openid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('answered_date') }}
)

select * from final
