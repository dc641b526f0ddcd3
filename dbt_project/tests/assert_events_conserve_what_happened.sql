-- Every order, delivery, redemption, statement of consent and dated registration is one event, with
-- its money.
{{ config(meta={'dagster': {'ref': {'name': 'fct_event'}}}) }}
with expected as (
    select
        'purchase' as kind,
        count(*) as event_count,
        coalesce(sum(sales_amount), 0) as value_amount
    from {{ ref('fct_order') }}
    union all
    select
        'message_delivered' as kind,
        count(*) as event_count,
        0 as value_amount
    from {{ ref('int_campaign__delivery') }}
    union all
    select
        'voucher_redeemed' as kind,
        count(*) as event_count,
        0 as value_amount
    from {{ ref('stg_voucher__redemption') }}
    union all
    select
        'consent' as kind,
        count(*) as event_count,
        0 as value_amount
    from {{ ref('stg_crm__consent') }}
    union all
    select
        'registered' as kind,
        count(*) as event_count,
        0 as value_amount
    from {{ ref('stg_crm__member') }}
    where registered_at is not null
),

found as (
    select
        case when contract = 'crm.consent' then 'consent' else event_type end as kind,
        count(*) as event_count,
        coalesce(sum(value_amount), 0) as value_amount
    from {{ ref('fct_event') }}
    group by case when contract = 'crm.consent' then 'consent' else event_type end
)

select
    coalesce(expected.kind, found.kind) as kind,
    expected.event_count as expected_count,
    found.event_count as found_count,
    expected.value_amount as expected_amount,
    found.value_amount as found_amount
from expected
full outer join found on found.kind = expected.kind
where
    coalesce(expected.event_count, 0) <> coalesce(found.event_count, 0)
    or coalesce(expected.value_amount, 0) <> coalesce(found.value_amount, 0)
