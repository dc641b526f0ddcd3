-- grain: one row per source, member, voucher, campaign and day
{%- set key = ['member_id_key', 'voucher_id', 'campaign_id', 'redeemed_on'] %}
with records as (
    {{ latest_records(source('raw', 'raw_voucher__redemption'), key=key) }}
),

final as (
    select
        _source as source,
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
