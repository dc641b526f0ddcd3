-- grain: one row per source, member id, voucher id, campaign id and redeemed on
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['member_id_key', 'voucher_id', 'campaign_id', 'redeemed_on'] %}
{{ config(**restated_by_landing(
    'raw_voucher__redemption',
    key,
    staged_key=['member_id_key', 'voucher_id', 'campaign_id', 'redeemed_date'],
    dated_by='redeemed_on',
    has_moment=false,
)) }}
with records as (
    {{ latest_records(source('raw', 'raw_voucher__redemption'), key=key) }}
),

final as (
    select
        _source as source,
        {{ stable_hash(key) }} as record_key,
        member_id_key,
        voucher_id,
        campaign_id,
        redeemed_on as redeemed_date,
        order_id,
        _loaded_at as loaded_at
    from records
    where {{ happened_by_then('redeemed_on') }}
)

select * from final
