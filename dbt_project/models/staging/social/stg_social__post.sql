-- grain: one row per source, platform and post id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['platform', 'post_id'] %}
{{ config(**restated_by_landing('raw_social__post', key, dated_by='published_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_social__post'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('published_at') }} as published_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        platform,
        post_id,
        author_id,
        author_type,
        published_at,
        published_date,
        post_type,
        title,
        campaign_id,
        product_id,
        content_key,
        fee_amount,
        currency,
        url,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('published_date') }}
)

select * from final
