-- grain: one row per source and redemption id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['redemption_id'] %}
{{ config(**restated_by_landing('raw_loyalty__reward', key, dated_by='redeemed_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_loyalty__reward'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('redeemed_at') }} as redeemed_date
    from records
),

final as (
    select
        _source as source,
        redemption_id,
        member_id_key,
        reward_id,
        reward_type,
        points,
        product_id,
        store_id,
        redeemed_at,
        redeemed_date,
        status,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('redeemed_date') }}
)

select * from final
