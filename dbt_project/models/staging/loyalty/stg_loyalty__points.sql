-- grain: one row per source and entry id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['entry_id'] %}
{{ config(**restated_by_landing('raw_loyalty__points', key, dated_by='posted_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_loyalty__points'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('posted_at') }} as posted_date
    from records
),

final as (
    select
        _source as source,
        entry_id,
        member_id_key,
        entry_type,
        points,
        posted_at,
        posted_date,
        order_id,
        reward_id,
        reason,
        expires_on as expires_date,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('posted_date') }}
)

select * from final
