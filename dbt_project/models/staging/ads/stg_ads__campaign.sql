-- grain: one row per source, platform and campaign id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['platform', 'campaign_id'] %}
{{ config(**restated_by_landing('raw_ads__campaign', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_ads__campaign'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        platform,
        account_id,
        campaign_id,
        campaign_name,
        objective,
        starts_on as start_date,
        ends_on as end_date,
        budget_amount,
        currency,
        _loaded_at as loaded_at
    from records
)

select * from final
