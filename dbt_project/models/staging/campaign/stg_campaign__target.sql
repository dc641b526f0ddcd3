-- grain: one row per source, campaign id and member id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['campaign_id', 'member_id_key'] %}
{{ config(**restated_by_landing('raw_campaign__target', key)) }}
with records as (
    {{ latest_records(source('raw', 'raw_campaign__target'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        campaign_id,
        member_id_key,
        delivered_on as delivered_date,
        _loaded_at as loaded_at
    from records
)

select * from final
