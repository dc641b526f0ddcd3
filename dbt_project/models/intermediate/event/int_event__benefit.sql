-- grain: one row per source, contract and benefit given or used: voucher, card, reward, tier
-- A redemption that the till's list of redemptions tells is not told again by the voucher's piece.
{%- set cards = {
    'issue': 'gift_card_issued', 'load': 'gift_card_loaded', 'redeem': 'gift_card_redeemed',
    'expire': 'gift_card_expired', 'refund': 'gift_card_refunded',
} %}
{%- set coupon = {'campaign_id': 'campaign_id', 'content_key': 'template_id',
    'voucher_id': 'coupon_id'} %}
{%- set coupon_used = coupon.copy() %}
{%- do coupon_used.update({'order_id': 'order_id'}) %}
{%- set piece = {'campaign_id': 'campaign_id', 'content_key': 'voucher_id',
    'voucher_id': 'piece_id', 'store_id': 'store_id'} %}
{%- set piece_used = piece.copy() %}
{%- do piece_used.update({'order_id': 'order_id'}) %}
with redemptions as (
    select
        source,
        redemption_key,
        identifier_key,
        voucher_id,
        campaign_id,
        order_id,
        redeemed_date
    from {{ ref('fct_voucher') }}
),

told_at_till as (
    select distinct
        voucher_id,
        order_id
    from redemptions
),

redeemed_pieces as (
    select
        pieces.source,
        pieces.piece_id,
        pieces.voucher_id,
        pieces.campaign_id,
        pieces.store_id,
        pieces.redeemed_at,
        pieces.order_id,
        pieces.member_id_key,
        pieces.phone_key,
        pieces.openid_key
    from {{ ref('stg_voucher__piece') }} as pieces
    left join told_at_till
        on
            told_at_till.voucher_id = pieces.voucher_id
            and told_at_till.order_id = pieces.order_id
    where told_at_till.voucher_id is null
),

final as (
    {{
        touch(
            'voucher.redemption', "'voucher_redeemed'", "'store'", "'till'", relation='redemptions',
            key='redemption_key', identifier='identifier_key',
            told={
                'event_at': day_start('redeemed_date'), 'event_date': 'redeemed_date',
                'has_time_of_day': 'false', 'campaign_id': 'campaign_id', 'content_key': 'voucher_id',
                'order_id': 'order_id',
            },
        )
    }}
    union all
    {{
        touch(
            'voucher.piece', "'voucher_issued'",
            "case when issued_through in ('assistant', 'store') then 'store'"
            ~ " else coalesce(issued_through, 'crm') end", "'voucher'", told=piece,
        )
    }}
    union all
    {{
        touch(
            'voucher.piece', "'voucher_redeemed'",
            "case when store_id is null then 'shop' else 'store' end", "'voucher'",
            relation='redeemed_pieces', at='redeemed_at', part='redeemed', told=piece_used,
        )
    }}
    union all
    {{ touch('tmall.coupon', "'voucher_issued'", "'tmall'", "'coupon'", told=coupon) }}
    union all
    {{
        touch(
            'tmall.coupon', "'voucher_redeemed'", "'tmall'", "'coupon'", at='used_at', part='used',
            told=coupon_used,
        )
    }}
    union all
    {{
        touch(
            'voucher.gift_card', told_as('movement_type', cards),
            "case when store_id is null then 'shop' else 'store' end", "'gift_card'",
            told={
                'content_key': 'gift_card_id', 'store_id': 'store_id', 'order_id': 'order_id',
                'value_amount': own_money('amount'), 'currency': "'" ~ var('currency') ~ "'",
            },
        )
    }}
    union all
    {{
        touch(
            'loyalty.reward', "'reward_redeemed'",
            "case when store_id is null then 'crm' else 'store' end", "'loyalty'",
            told={'content_key': 'reward_id', 'product_id': 'product_id', 'store_id': 'store_id'},
        )
    }}
    union all
    {{
        touch(
            'loyalty.tier', "'tier_changed'", "'crm'", "'loyalty'", told={'content_key': 'tier'},
        )
    }}
)

select * from final
