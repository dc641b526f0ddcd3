-- grain: one row per movement of points on a member id, expiry apart
-- What purchases earn and refunds take back is computed here; what was redeemed and what was booked
-- by hand only the customer system knows. Without a programme in force on the day nothing moves.
{%- set key = ['entry_kind', 'contract', 'source', 'record_id'] %}
{%- set no_text = 'cast(null as ' ~ type_text() ~ ')' %}
with programmes as (
    select
        expiry,
        expires_after_days,
        valid_from,
        valid_to
    from {{ ref('int_loyalty__programme') }}
),

members as (
    select
        identifier_key,
        customer_key
    from {{ ref('dim_member') }}
),

movements as (
    select
        'earn' as entry_kind,
        'order' as contract,
        source,
        order_id as record_id,
        identifier_key,
        ordered_at as posted_at,
        order_date as posted_date,
        points,
        source as order_source,
        order_id,
        {{ no_text }} as reward_id,
        true as is_settled,
        {{ no_text }} as reason,
        cast(null as date) as told_expires_date
    from {{ ref('fct_points_earned') }}
    where points > 0
    union all
    select
        'reverse' as entry_kind,
        contract,
        source,
        refund_id as record_id,
        identifier_key,
        refunded_at as posted_at,
        refunded_date as posted_date,
        -points as points,
        order_source,
        order_id,
        {{ no_text }} as reward_id,
        true as is_settled,
        {{ no_text }} as reason,
        cast(null as date) as told_expires_date
    from {{ ref('fct_points_reversal') }}
    union all
    select
        'redeem' as entry_kind,
        contract,
        source,
        record_id,
        member_id_key as identifier_key,
        redeemed_at as posted_at,
        redeemed_date as posted_date,
        -points as points,
        {{ no_text }} as order_source,
        {{ no_text }} as order_id,
        reward_id,
        status <> 'issued' as is_settled,
        reason,
        cast(null as date) as told_expires_date
    from {{ ref('int_loyalty__redemption') }}
    where status <> 'cancelled'
    union all
    select
        'adjust' as entry_kind,
        'loyalty.points' as contract,
        source,
        entry_id as record_id,
        member_id_key as identifier_key,
        posted_at,
        posted_date,
        points,
        {{ no_text }} as order_source,
        order_id,
        {{ no_text }} as reward_id,
        true as is_settled,
        reason,
        expires_date as told_expires_date
    from {{ ref('stg_loyalty__points') }}
    where entry_type = 'adjust' and points <> 0
),

final as (
    select
        {{ stable_hash(key) }} as movement_key,
        movements.entry_kind,
        movements.contract,
        movements.source,
        movements.record_id,
        movements.identifier_key,
        coalesce(members.customer_key, {{ unidentified() }}) as customer_key,
        movements.posted_at,
        movements.posted_date,
        cast(movements.points as bigint) as points,
        movements.order_source,
        movements.order_id,
        movements.reward_id,
        movements.is_settled,
        movements.reason,
        case
            when movements.points <= 0 then null
            when movements.told_expires_date is not null then movements.told_expires_date
            when programmes.expiry = 'end_of_next_year'
                then make_date(
                    cast(extract(year from movements.posted_date) as integer) + 1, 12, 31
                )
            when programmes.expiry = 'after_days'
                then {{ add_days('movements.posted_date', 'programmes.expires_after_days') }}
        end as expires_date
    from movements
    inner join programmes
        on
            programmes.valid_from <= movements.posted_date
            and (programmes.valid_to is null or programmes.valid_to > movements.posted_date)
    left join members on members.identifier_key = movements.identifier_key
)

select * from final
