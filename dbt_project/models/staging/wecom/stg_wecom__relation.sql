-- grain: one row per source, corp id, external userid, staff id and added at
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['corp_id', 'external_userid_key', 'staff_id', 'added_at'] %}
{{ config(**restated_by_landing('raw_wecom__relation', key, dated_by='added_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_wecom__relation'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('added_at') }} as added_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash([
            'corp_id', 'external_userid_key', 'staff_id', moment_text('added_at'),
        ]) }} as record_key,
        corp_id,
        external_userid_key,
        unionid_key,
        staff_id,
        added_at,
        added_date,
        add_way,
        state,
        store_id,
        removed_at,
        removed_by,
        remark_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('added_date') }}
)

select * from final
