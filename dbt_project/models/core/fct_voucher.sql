-- grain: one row per voucher redeemed by a member in one campaign on one day (and source)
-- A redemption outside its campaign's window, of a voucher the campaign never offered, or by
-- somebody it was not sent to, is a fact like any other: the flags say so.
with redemptions as (
    select
        source,
        member_id_key,
        voucher_id,
        campaign_id,
        redeemed_date,
        order_id
    from {{ ref('stg_voucher__redemption') }}
),

offers as (
    select
        voucher_id,
        campaign_id,
        count(distinct product_id) as offered_product_count
    from {{ ref('stg_voucher__offer') }}
    group by voucher_id, campaign_id
),

campaigns as (
    select
        campaign_id,
        start_date,
        end_date
    from {{ ref('dim_campaign') }}
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('bridge_customer_identifier') }}
    where is_current
),

deliveries as (
    select
        delivery.campaign_id,
        owners.customer_key,
        min(delivery.delivered_date) as delivered_date
    from {{ ref('int_campaign__delivery') }} as delivery
    inner join owners on owners.identifier_key = delivery.member_id_key
    where owners.customer_key <> {{ unidentified() }}
    group by delivery.campaign_id, owners.customer_key
),

final as (
    select
        {{
            stable_hash([
                'redemptions.source', 'redemptions.member_id_key', 'redemptions.voucher_id',
                'redemptions.campaign_id', 'redemptions.redeemed_date',
            ])
        }} as redemption_key,
        redemptions.source,
        redemptions.voucher_id,
        redemptions.campaign_id,
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        redemptions.member_id_key as identifier_key,
        redemptions.redeemed_date,
        redemptions.order_id,
        campaigns.start_date as campaign_start_date,
        campaigns.end_date as campaign_end_date,
        deliveries.delivered_date,
        coalesce(offers.offered_product_count, 0) as offered_product_count,
        offers.voucher_id is not null as is_offered,
        deliveries.customer_key is not null as is_targeted,
        coalesce(
            redemptions.redeemed_date between campaigns.start_date and campaigns.end_date, false
        ) as is_within_campaign
    from redemptions
    left join owners on owners.identifier_key = redemptions.member_id_key
    left join campaigns on campaigns.campaign_id = redemptions.campaign_id
    left join offers
        on
            offers.voucher_id = redemptions.voucher_id
            and offers.campaign_id = redemptions.campaign_id
    left join deliveries
        on
            deliveries.campaign_id = redemptions.campaign_id
            and deliveries.customer_key = owners.customer_key
)

select * from final
