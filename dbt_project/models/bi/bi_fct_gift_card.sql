-- grain: one row per gift card
{{ config(alias='fct_gift_card') }}
with cards as (
    select
        source,
        gift_card_id,
        card_form,
        issued_date,
        order_id,
        store_id,
        last_redeemed_date,
        loaded_amount,
        redeemed_amount,
        refunded_amount,
        expired_amount,
        balance_amount,
        currency
    from {{ ref('fct_gift_card') }}
),

final as (
    select * from cards
)

select * from final
