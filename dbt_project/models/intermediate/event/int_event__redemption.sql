-- grain: one row per source, member, voucher, campaign and day of redemption
with redemptions as (
    select
        source,
        redemption_key,
        identifier_key,
        voucher_id,
        campaign_id,
        redeemed_date
    from {{ ref('fct_voucher') }}
),

final as (
    select
        'voucher.redemption' as contract,
        source,
        redemption_key as source_record,
        identifier_key,
        {{ day_start('redeemed_date') }} as event_at,
        redeemed_date as event_date,
        false as has_time_of_day,
        'store' as channel,
        'till' as touchpoint,
        'inbound' as direction,
        'voucher_redeemed' as event_type,
        campaign_id,
        voucher_id as content_key,
        cast(null as {{ type_text() }}) as product_id,
        cast(null as {{ type_text() }}) as store_id,
        cast(null as decimal(14, 2)) as value_amount,
        cast(null as {{ type_text() }}) as currency
    from redemptions
)

select * from final
