-- grain: one row per contract, source and order
-- An order is a sale from when it is paid: who asks for a shop's or store's order without knowing
-- when it was paid goes by its state (seeds/unpaid_order_statuses.csv). A receipt is paid.
-- A receipt's facts stand on each of its lines; where lines disagree the least value holds, so that
-- a receipt has one moment, one store and one customer, whatever the order of arrival. Of an order
-- that two sources of one channel deliver, the one landed last counts.
{%- set shop_told = ['member_id_key', 'email_key', 'phone_key', 'openid_key', 'cookie_id_key'] %}
{%- set columns = order_identifiers().values() | list %}
with receipts as (
    select
        'pos.order_line' as contract,
        source,
        order_id,
        'store' as channel,
        min(ordered_at) as ordered_at,
        min(order_date) as order_date,
        min(store_id) as store_id,
        min(voucher_id) as voucher_id,
        true as is_paid,
        {{ order_identifier_columns(['member_id_key', 'card_id_key'], 'min') }}
    from {{ ref('stg_pos__order_line') }}
    group by source, order_id
),

unpaid as (
    {{ brand_rows(ref('unpaid_order_statuses'), key=['contract', 'order_status']) }}
),

shop_orders as (
    select
        'shop.order' as contract,
        source,
        order_id,
        'shop' as channel,
        ordered_at,
        order_date,
        coupon_id,
        order_status,
        paid_at,
        {{ order_identifier_columns(shop_told) }},
        row_number() over (partition by order_id order by loaded_at desc, source asc) as source_rank
    from {{ ref('stg_shop__order') }}
),

tmall_orders as (
    select
        'tmall.order' as contract,
        source,
        order_id,
        'tmall' as channel,
        ordered_at,
        order_date,
        coupon_id,
        order_status,
        paid_at,
        {{ order_identifier_columns(['ouid_key', 'omid_key']) }},
        row_number() over (partition by order_id order by loaded_at desc, source asc) as source_rank
    from {{ ref('stg_tmall__order') }}
),

online as (
    select * from shop_orders
    where source_rank = 1
    union all
    select * from tmall_orders
    where source_rank = 1
),

final as (
    select * from receipts
    union all
    select
        online.contract,
        online.source,
        online.order_id,
        online.channel,
        online.ordered_at,
        online.order_date,
        cast(null as {{ type_text() }}) as store_id,
        online.coupon_id as voucher_id,
        online.paid_at is not null or unpaid.order_status is null as is_paid,
        online.{{ columns | join(',\n        online.') }}
    from online
    left join unpaid
        on
            unpaid.contract = online.contract
            and unpaid.order_status = lower(online.order_status)
)

select * from final
