-- grain: one row per source, channel and review id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['channel', 'review_id'] %}
{{ config(**restated_by_landing('raw_review__review', key, dated_by='reviewed_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_review__review'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('reviewed_at') }} as reviewed_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        review_id,
        channel,
        product_id,
        store_id,
        order_id,
        order_line_id,
        rating,
        text_key,
        has_picture,
        reviewed_at,
        reviewed_date,
        replied_at,
        member_id_key,
        shop_id,
        ouid_key,
        omid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('reviewed_date') }}
)

select * from final
