-- grain: one row per source, platform, post id and stat on
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['platform', 'post_id', 'stat_on'] %}
{{ config(**restated_by_landing(
    'raw_social__post_daily',
    key,
    staged_key=['platform', 'post_id', 'stat_date'],
    dated_by='stat_on',
    has_moment=false,
)) }}
with records as (
    {{ latest_records(source('raw', 'raw_social__post_daily'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        platform,
        post_id,
        stat_on as stat_date,
        impression_count,
        reach_count,
        click_count,
        like_count,
        comment_count,
        share_count,
        save_count,
        _loaded_at as loaded_at
    from records
    where {{ happened_by_then('stat_on') }}
)

select * from final
