-- grain: one row per side of a transaction of points; the sides of each sum to zero
-- `customer` is what a member may spend. Against it stands `programme` for what purchases, refunds,
-- bookings by hand and rewards that were handed over move, `liability` for a reward that is paid
-- for and not handed over yet, and `breakage` for what expired. What the brand owes is `customer`
-- and `liability` together.
with movements as (
    select
        movement_key,
        entry_kind,
        contract,
        source,
        record_id,
        identifier_key,
        customer_key,
        posted_at,
        posted_date,
        points,
        order_source,
        order_id,
        reward_id,
        is_settled,
        reason,
        expires_date
    from {{ ref('fct_points_movement') }}
),

expiries as (
    select
        movement_key,
        identifier_key,
        customer_key,
        expires_date,
        expired_points
    from {{ ref('fct_points_lot') }}
    where expired_points > 0
),

transactions as (
    select
        movement_key as transaction_key,
        {{ cast_text('null') }} as lot_key,
        entry_kind,
        contract,
        source,
        record_id,
        identifier_key,
        customer_key,
        posted_at,
        posted_date,
        points,
        order_source,
        order_id,
        reward_id,
        case
            when entry_kind = 'redeem' and not is_settled then 'liability'
            else 'programme'
        end as counter_account,
        reason,
        expires_date
    from movements
    union all
    select
        {{ stable_hash(["'expire'", 'movement_key']) }} as transaction_key,
        movement_key as lot_key,
        'expire' as entry_kind,
        {{ cast_text('null') }} as contract,
        {{ cast_text('null') }} as source,
        {{ cast_text('null') }} as record_id,
        identifier_key,
        customer_key,
        {{ add_seconds(day_start(add_days('expires_date', '1')), '-1') }} as posted_at,
        expires_date as posted_date,
        -expired_points as points,
        {{ cast_text('null') }} as order_source,
        {{ cast_text('null') }} as order_id,
        {{ cast_text('null') }} as reward_id,
        'breakage' as counter_account,
        {{ cast_text('null') }} as reason,
        cast(null as date) as expires_date
    from expiries
),

sides as (
    select
        transactions.*,
        'customer' as account,
        transactions.points as side_points
    from transactions
    union all
    select
        transactions.*,
        transactions.counter_account as account,
        -transactions.points as side_points
    from transactions
),

final as (
    select
        {{ stable_hash(['transaction_key', 'account']) }} as posting_key,
        transaction_key,
        account,
        entry_kind,
        identifier_key,
        customer_key,
        posted_at,
        posted_date,
        cast(side_points as bigint) as points,
        contract,
        source,
        record_id,
        order_source,
        order_id,
        reward_id,
        lot_key,
        coalesce(reason, case entry_kind
            when 'earn' then 'purchase'
            when 'reverse' then 'refund'
            when 'redeem' then 'reward'
            when 'expire' then 'not used in time'
            when 'adjust' then 'booked by hand'
        end) as reason,
        expires_date
    from sides
)

select * from final
