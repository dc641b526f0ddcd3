-- grain: one row per piece given to a person: a voucher, sample, service or gift, or a reward taken
-- A reward for points is issued when the points are spent; what is known of it afterwards is its
-- state, so one that was taken was redeemed at that moment.
{%- set record_key = ['contract', 'source', 'piece_id'] %}
with vouchers as (
    select
        'voucher.piece' as contract,
        source,
        piece_id,
        voucher_id as reward_id,
        voucher_type as reward_type,
        campaign_id,
        cast(null as bigint) as points,
        issued_at,
        issued_date,
        issued_through,
        expires_at,
        redeemed_at,
        {{ cast_text('null') }} as told_state,
        order_id,
        store_id,
        staff_id,
        value_amount,
        member_id_key,
        phone_key,
        openid_key
    from {{ ref('stg_voucher__piece') }}
),

rewards as (
    select
        'loyalty.reward' as contract,
        source,
        redemption_id as piece_id,
        reward_id,
        reward_type,
        {{ cast_text('null') }} as campaign_id,
        cast(points as bigint) as points,
        redeemed_at as issued_at,
        redeemed_date as issued_date,
        {{ cast_text('null') }} as issued_through,
        cast(null as {{ type_moment() }}) as expires_at,
        case when coalesce(status, 'taken') = 'taken' then redeemed_at end as redeemed_at,
        status as told_state,
        {{ cast_text('null') }} as order_id,
        store_id,
        {{ cast_text('null') }} as staff_id,
        cast(null as decimal(12, 2)) as value_amount,
        member_id_key,
        {{ cast_text('null') }} as phone_key,
        {{ cast_text('null') }} as openid_key
    from {{ ref('stg_loyalty__reward') }}
),

pieces as (
    select * from vouchers
    union all
    select * from rewards
),

named as (
    {%- for column in ['member_id_key', 'phone_key', 'openid_key'] %}
    select
        {{ record_key | join(', ') }},
        issued_at,
        {{ column }} as identifier_key
    from pieces
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    {{ ranked_by_identity('named', record_key=record_key, at='issued_at') }}
),

final as (
    select
        pieces.contract,
        pieces.source,
        pieces.piece_id,
        ranked.identifier_key,
        pieces.reward_id,
        pieces.reward_type,
        pieces.campaign_id,
        pieces.points,
        pieces.issued_at,
        pieces.issued_date,
        pieces.issued_through,
        pieces.expires_at,
        pieces.redeemed_at,
        pieces.told_state,
        pieces.order_id,
        pieces.store_id,
        pieces.staff_id,
        pieces.value_amount
    from pieces
    left join ranked
        on
            ranked.contract = pieces.contract
            and ranked.source = pieces.source
            and ranked.piece_id = pieces.piece_id
            and ranked.owner_rank = 1
)

select * from final
