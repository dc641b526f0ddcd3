-- grain: one row per source, platform and click id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['platform', 'click_id'] %}
{{ config(**restated_by_landing('raw_ads__click', key, dated_by='clicked_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_ads__click'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('clicked_at') }} as clicked_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        click_id,
        platform,
        campaign_id,
        ad_id,
        content_key,
        clicked_at,
        clicked_date,
        cookie_id_key,
        device_id_key,
        oaid_key,
        landing_url,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('clicked_date') }}
)

select * from final
