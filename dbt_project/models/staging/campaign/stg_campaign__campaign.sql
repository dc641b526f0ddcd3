-- grain: one row per source and campaign id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['campaign_id'] %}
{{ config(**restated_by_landing('raw_campaign__campaign', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_campaign__campaign'), key=key) }}
),

final as (
    select
        _source as source,
        campaign_id,
        campaign_name,
        campaign_type,
        channel,
        starts_on as start_date,
        ends_on as end_date,
        _loaded_at as loaded_at
    from records
)

select * from final
