-- grain: one row per gift card
-- What was put on it, taken off it, and is left on it. Who buys a card is rarely who uses it. Money
-- is converted at the rate of the day of each movement.
with movements as (
    select
        source,
        movement_id,
        gift_card_id,
        card_form,
        movement_type,
        moved_at,
        moved_date,
        amount,
        coalesce(currency, '{{ var("currency") }}') as paid_currency,
        order_id,
        store_id,
        member_id_key
    from {{ ref('stg_voucher__gift_card') }}
),

rates as (
    select
        from_currency,
        valid_from,
        valid_to,
        rate
    from {{ ref('int_money__rate') }}
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('bridge_customer_identifier') }}
    where namespace = 'member_id' and is_current
),

converted as (
    select
        movements.*,
        owners.customer_key,
        case
            when movements.paid_currency = '{{ var("currency") }}' then movements.amount
            else round(movements.amount * rates.rate, 2)
        end as own_amount,
        row_number() over (
            partition by movements.source, movements.gift_card_id
            order by
                case movements.movement_type when 'issue' then 0 else 1 end,
                movements.moved_at,
                movements.movement_id
        ) as movement_number,
        row_number() over (
            partition by movements.source, movements.gift_card_id
            order by
                case movements.movement_type when 'redeem' then 0 else 1 end,
                movements.moved_at desc,
                movements.movement_id desc
        ) as use_rank
    from movements
    left join owners on owners.identifier_key = movements.member_id_key
    left join rates
        on
            rates.from_currency = movements.paid_currency
            and rates.valid_from <= movements.moved_date
            and (rates.valid_to is null or rates.valid_to > movements.moved_date)
),

{%- set told = {
    'loaded_amount': "'issue', 'load'",
    'redeemed_amount': "'redeem'",
    'refunded_amount': "'refund'",
    'expired_amount': "'expire'",
} %}

final as (
    select
        source,
        gift_card_id,
        coalesce(max(card_form), 'unknown') as card_form,
        max(case when movement_number = 1 then customer_key end) as buyer_customer_key,
        max(
            case when use_rank = 1 and movement_type = 'redeem' then customer_key end
        ) as user_customer_key,
        min(case when movement_number = 1 then moved_date end) as issued_date,
        max(case when movement_number = 1 then order_id end) as order_id,
        max(case when movement_number = 1 then store_id end) as store_id,
        max(case when movement_type = 'redeem' then moved_date end) as last_redeemed_date,
        {%- for column, types in told.items() %}
        cast(
            sum(case when movement_type in ({{ types }}) then own_amount else 0 end)
            as decimal(14, 2)
        ) as {{ column }},
        {%- endfor %}
        cast(sum(own_amount) as decimal(14, 2)) as balance_amount,
        '{{ var("currency") }}' as currency
    from converted
    group by source, gift_card_id
)

select * from final
