-- grain: one row per source, platform, campaign id, ad id and stat on
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['platform', 'campaign_id', 'ad_id', 'stat_on'] %}
{{ config(**restated_by_landing(
    'raw_ads__daily',
    key,
    staged_key=['platform', 'campaign_id', 'ad_id', 'stat_date'],
    dated_by='stat_on',
    has_moment=false,
)) }}
with records as (
    {{ latest_records(source('raw', 'raw_ads__daily'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        platform,
        campaign_id,
        ad_id,
        stat_on as stat_date,
        impression_count,
        click_count,
        spend_amount,
        currency,
        _loaded_at as loaded_at
    from records
    where {{ happened_by_then('stat_on') }}
)

select * from final
