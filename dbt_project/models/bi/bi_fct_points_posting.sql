-- grain: one row per side of a transaction of points; the sides of each sum to zero
{{ config(alias='fct_points_posting') }}
with postings as (
    select
        posting_key,
        transaction_key,
        account,
        entry_kind,
        customer_key,
        posted_at,
        posted_date,
        points,
        contract,
        source,
        record_id,
        order_source,
        order_id,
        reward_id,
        lot_key,
        reason,
        expires_date
    from {{ ref('fct_points_posting') }}
),

final as (
    select * from postings
)

select * from final
