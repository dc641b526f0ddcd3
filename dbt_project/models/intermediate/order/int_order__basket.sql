-- grain: one row per source and receipt
-- A receipt's facts stand on each of its lines; where lines disagree the least value holds, so that
-- a receipt has one moment, one store and one customer, whatever the order of arrival.
with lines as (
    select
        source,
        order_id,
        ordered_at,
        order_date,
        store_id,
        member_id_key
    from {{ ref('stg_pos__order_line') }}
),

final as (
    select
        source,
        order_id,
        min(ordered_at) as ordered_at,
        min(order_date) as order_date,
        min(store_id) as store_id,
        min(member_id_key) as member_id_key
    from lines
    group by source, order_id
)

select * from final
