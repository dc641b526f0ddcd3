-- grain: one row per piece given to a person: a voucher, sample, service or gift, or a reward taken
-- Issued, then redeemed, expired, cancelled or still open. What was redeemed after the last day
-- that is told is open by then. A piece whose day of expiry passed unused has leaked.
with pieces as (
    select
        contract,
        source,
        piece_id,
        identifier_key,
        reward_id,
        reward_type,
        campaign_id,
        points,
        issued_at,
        issued_date,
        issued_through,
        expires_at,
        {{ business_date('expires_at') }} as expires_date,
        redeemed_at,
        {{ business_date('redeemed_at') }} as redeemed_date,
        told_state,
        order_id,
        store_id,
        staff_id,
        value_amount
    from {{ ref('int_loyalty__piece') }}
),

owners as (
    select
        identifier_key,
        customer_key,
        valid_from,
        valid_to
    from {{ ref('bridge_customer_identifier') }}
),

clock as (
    select
        as_of_date,
        {{ day_start(add_days('as_of_date', '1')) }} as ends_at
    from {{ ref('int_time__clock') }}
),

told as (
    select
        pieces.*,
        coalesce(pieces.redeemed_at < clock.ends_at, false) as is_redeemed,
        coalesce(pieces.expires_at < clock.ends_at, false) as is_over
    from pieces
    cross join clock
),

final as (
    select
        {{ stable_hash(['told.contract', 'told.source', 'told.piece_id']) }} as reward_key,
        told.contract,
        told.source,
        told.piece_id,
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        told.identifier_key,
        told.reward_id,
        coalesce(told.reward_type, 'unknown') as reward_type,
        told.campaign_id,
        told.points,
        told.value_amount,
        '{{ var("currency") }}' as currency,
        told.issued_at,
        told.issued_date,
        told.issued_through,
        told.staff_id,
        told.store_id,
        told.expires_at,
        told.expires_date,
        case when told.is_redeemed then told.redeemed_at end as redeemed_at,
        case when told.is_redeemed then told.redeemed_date end as redeemed_date,
        case when told.is_redeemed then told.order_id end as order_id,
        case
            when told.is_redeemed then 'redeemed'
            when told.told_state in ('cancelled', 'expired') then told.told_state
            when told.is_over then 'expired'
            else 'open'
        end as state
    from told
    left join owners
        on
            owners.identifier_key = told.identifier_key
            and {{ held_at('owners', 'told.issued_at') }}
)

select * from final
