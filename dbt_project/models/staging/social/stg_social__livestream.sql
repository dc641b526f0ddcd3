-- grain: one row per source, platform and livestream id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['platform', 'livestream_id'] %}
{{ config(**restated_by_landing('raw_social__livestream', key, dated_by='started_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_social__livestream'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('started_at') }} as started_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        platform,
        livestream_id,
        host_id,
        host_type,
        started_at,
        started_date,
        ended_at,
        viewer_count,
        order_count,
        sales_amount,
        fee_amount,
        currency,
        campaign_id,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('started_date') }}
)

select * from final
