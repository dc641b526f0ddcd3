-- grain: one row per source, survey id, survey version and question id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['survey_id', 'survey_version', 'question_id'] %}
{{ config(**restated_by_landing('raw_survey__question', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_survey__question'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        survey_id,
        survey_version,
        question_id,
        position,
        question_type,
        wording,
        topic,
        touchpoint,
        survey_name,
        _loaded_at as loaded_at
    from records
)

select * from final
