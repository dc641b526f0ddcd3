-- grain: one row per source, voucher, campaign and product
with records as (
    {{
        latest_records(
            source('raw', 'raw_voucher__offer'), key=['voucher_id', 'campaign_id', 'product_id']
        )
    }}
),

final as (
    select
        _source as source,
        voucher_id,
        campaign_id,
        product_id,
        _loaded_at as loaded_at
    from records
)

select * from final
