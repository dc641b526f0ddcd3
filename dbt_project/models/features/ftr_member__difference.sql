-- grain: one row per member id, subject and reference of which two books tell different things
-- Ours and the customer system's, with the cause: the first that fits; what fits none is
-- `unexplained`. A system that states no points (no tiers) is not compared in them.
with statements as (
    select
        *,
        case when subject = 'tier' then 'tier' else 'points' end as book
    from {{ ref('ftr_member__statement') }}
),

books as (
    select distinct book
    from statements
    where is_theirs
),

orders as (
    select
        orders.order_id,
        min(counted.identifier_key) as identifier_key,
        min(counted.recognised_by) as recognised_by,
        max(
            case when paid.paid_amount <> orders.sales_amount then 1 else 0 end
        ) = 1 as is_incomplete
    from {{ ref('fct_order') }} as orders
    left join {{ ref('fct_member_order') }} as counted
        on counted.source = orders.source and counted.order_id = orders.order_id
    left join {{ ref('int_order__paid') }} as paid
        on
            paid.contract = orders.contract
            and paid.source = orders.source
            and paid.order_id = orders.order_id
            and coalesce(paid.currency, orders.currency) = orders.currency
    group by orders.order_id
),

cancelled as (
    select distinct
        member_id_key,
        redeemed_date
    from {{ ref('int_loyalty__redemption') }}
    where status = 'cancelled'
),

customers as (
    select
        customer_key,
        count(*) as member_count
    from {{ ref('dim_member') }}
    group by customer_key
),

caused as (
    select
        statements.*,
        case
            when statements.subject not in ('earn', 'reverse') then null
            when orders.order_id is null then 'order_not_landed'
            when not statements.is_ours and orders.identifier_key is null
                then 'buyer_not_joined'
            when orders.identifier_key <> statements.identifier_key then 'buyer_not_joined'
            when not statements.is_theirs and orders.recognised_by <> 'order'
                then 'crm_did_not_know_buyer'
            when orders.is_incomplete then 'order_incomplete'
            when not statements.is_theirs then 'crm_entry_missing'
            when not statements.is_ours and statements.subject = 'reverse'
                then 'refund_not_landed'
        end as order_cause,
        cancelled.member_id_key is not null as has_cancelled_reward,
        coalesce(customers.member_count, 0) > 1 as is_joined
    from statements
    inner join books on books.book = statements.book
    left join orders on orders.order_id = statements.reference
    left join cancelled
        on
            cancelled.member_id_key = statements.identifier_key
            and cancelled.redeemed_date = statements.stated_date
    left join customers
        on
            customers.customer_key = statements.customer_key
            and statements.customer_key <> {{ unidentified() }}
    where statements.differs
),

first_causes as (
    select
        identifier_key,
        min(case when order_cause is not null then stated_date end) as since_date
    from caused
    group by identifier_key
),

final as (
    select
        caused.identifier_key,
        caused.customer_key,
        caused.subject,
        caused.reference,
        caused.stated_date,
        caused.our_points,
        caused.crm_points,
        caused.our_tier,
        caused.crm_tier,
        case
            when caused.order_cause is not null then caused.order_cause
            when caused.subject = 'redeem' and caused.has_cancelled_reward then 'reward_cancelled'
            when caused.subject = 'redeem' and not caused.is_theirs then 'crm_entry_missing'
            when caused.subject = 'redeem' and caused.is_ours then 'reward_and_entry_disagree'
            when caused.subject in ('tier', 'expire') and caused.is_joined then 'members_joined'
            when
                caused.subject in ('tier', 'expire')
                and first_causes.since_date <= caused.stated_date
                then 'follows_another_difference'
            else 'unexplained'
        end as cause
    from caused
    inner join first_causes on first_causes.identifier_key = caused.identifier_key
)

select * from final
