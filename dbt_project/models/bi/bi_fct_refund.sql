-- grain: one row per source and refund that was paid back
{{ config(alias='fct_refund') }}
with refunds as (
    select
        source,
        refund_id,
        contract,
        channel,
        customer_key,
        order_id,
        order_source,
        order_line_id,
        refunded_at,
        refunded_date,
        refund_amount,
        currency,
        paid_currency,
        has_order
    from {{ ref('fct_refund') }}
),

final as (
    select * from refunds
)

select * from final
