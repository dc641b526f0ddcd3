-- grain: one row per source, member id and changed at
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['member_id_key', 'changed_at'] %}
{{ config(**restated_by_landing('raw_loyalty__tier', key, dated_by='changed_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_loyalty__tier'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('changed_at') }} as changed_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash([
            'member_id_key', moment_text('changed_at'),
        ]) }} as record_key,
        member_id_key,
        tier,
        previous_tier,
        changed_at,
        changed_date,
        valid_until,
        qualifying_amount,
        reason,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('changed_date') }}
)

select * from final
