-- Every order, refund, delivery, redemption, statement of consent, dated registration and event
-- that an SDK reports is one event, with its money.
{{ config(meta={'dagster': {'ref': {'name': 'fct_event'}}}) }}
{%- set counted = {
    'campaign.target': 'int_campaign__delivery', 'voucher.redemption': 'stg_voucher__redemption',
    'crm.consent': 'stg_crm__consent', 'web.event': 'stg_web__event', 'app.event': 'stg_app__event',
    'miniprogram.event': 'stg_miniprogram__event', 'social.engagement': 'stg_social__engagement',
    'email.event': 'stg_email__event', 'sms.receipt': 'stg_sms__receipt',
    'store.visit': 'stg_store__visit', 'wechat.event': 'stg_wechat__event',
} %}
with expected as (
    select
        'purchase' as kind,
        count(*) as event_count,
        coalesce(sum(sales_amount), 0) as value_amount
    from {{ ref('fct_order') }}
    union all
    select
        'refunded' as kind,
        count(*) as event_count,
        coalesce(-sum(refund_amount), 0) as value_amount
    from {{ ref('fct_refund') }}
    union all
    select
        'registered' as kind,
        count(*) as event_count,
        0 as value_amount
    from {{ ref('stg_crm__member') }}
    where registered_at is not null
    {%- for contract, model in counted.items() %}
    union all
    select
        '{{ contract }}' as kind,
        count(*) as event_count,
        0 as value_amount
    from {{ ref(model) }}
    {%- endfor %}
),

named as (
    select
        case
            when event_type in ('purchase', 'refunded', 'registered') then event_type
            else contract
        end as kind,
        case
            when event_type in ('purchase', 'refunded') then value_amount
            else 0
        end as value_amount
    from {{ ref('fct_event') }}
),

found as (
    select
        kind,
        count(*) as event_count,
        coalesce(sum(value_amount), 0) as value_amount
    from named
    group by kind
)

select
    expected.kind,
    expected.event_count as expected_count,
    found.event_count as found_count,
    expected.value_amount as expected_amount,
    found.value_amount as found_amount
from expected
left join found on found.kind = expected.kind
where
    expected.event_count <> coalesce(found.event_count, 0)
    or expected.value_amount <> coalesce(found.value_amount, 0)
