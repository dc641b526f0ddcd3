-- grain: one row per source, interview id and topic
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['interview_id', 'topic'] %}
{{ config(**restated_by_landing('raw_survey__interview', key, dated_by='held_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_survey__interview'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('held_at') }} as held_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        interview_id,
        topic,
        held_at,
        held_date,
        sentiment_score,
        summary_key,
        interviewer,
        member_id_key,
        phone_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('held_date') }}
)

select * from final
