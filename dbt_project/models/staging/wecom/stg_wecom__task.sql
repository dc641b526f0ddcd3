-- grain: one row per source, task id, corp id, external userid and staff id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['task_id', 'corp_id', 'external_userid_key', 'staff_id'] %}
{{ config(**restated_by_landing('raw_wecom__task', key, dated_by='created_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_wecom__task'), key=key) }}
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
        {{ stable_hash(key) }} as record_key,
        task_id,
        corp_id,
        external_userid_key,
        unionid_key,
        staff_id,
        task_type,
        campaign_id,
        content_key,
        created_at,
        created_date,
        done_at,
        status,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('created_date') }}
)

select * from final
