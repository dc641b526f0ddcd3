-- grain: one row per source, contract and touch at a store: visit, talk, trial, service, scan, till
{%- set talks = {
    'consultation': 'consulted', 'trial': 'product_tried', 'sample_given': 'sample_given',
    'voucher_given': 'voucher_handed', 'follow_up': 'assistant_followed_up',
    'complaint': 'complaint_made',
} %}
{%- set here = {'store_id': 'store_id'} %}
with codes as (
    select
        scene,
        min(campaign_id) as campaign_id,
        min(product_id) as product_id
    from {{ ref('stg_store__qr_code') }}
    group by scene
    having count(*) = 1
),

scans as (
    select
        scans.source,
        scans.scan_id,
        scans.scene,
        scans.scanned_at,
        scans.scanned_date,
        scans.store_id,
        scans.openid_key,
        scans.unionid_key,
        scans.member_id_key,
        scans.phone_key,
        codes.campaign_id,
        codes.product_id
    from {{ ref('stg_store__qr_scan') }} as scans
    left join codes on codes.scene = scans.scene
),

final as (
    {{ touch('store.visit', "'store_visited'", "'store'", "'store'", told=here) }}
    union all
    {{
        touch(
            'store.appointment', "'appointment_booked'", "coalesce(booked_through, 'store')",
            "'appointment'", told={'store_id': 'store_id', 'content_key': 'service_type'},
        )
    }}
    union all
    {{
        touch(
            'store.appointment', "'appointment_missed'", "'store'", "'appointment'",
            at='scheduled_at', part='missed', where="status = 'missed'",
            told={'store_id': 'store_id', 'content_key': 'service_type'},
        )
    }}
    union all
    {{
        touch(
            'store.service', "'service_given'", "'store'", "'service'",
            told={
                'store_id': 'store_id', 'content_key': 'service_type', 'voucher_id': 'voucher_id',
            },
        )
    }}
    union all
    {{
        touch(
            'store.interaction', told_as('interaction_type', talks), "'store'", "'assistant'",
            told={
                'store_id': 'store_id', 'product_id': 'product_id', 'content_key': 'outcome',
                'voucher_id': 'voucher_id',
            },
        )
    }}
    union all
    {{
        touch(
            'store.qr_scan', "'qr_scanned'", "'store'", "'qr_code'", relation='scans',
            told={
                'store_id': 'store_id', 'content_key': 'scene', 'campaign_id': 'campaign_id',
                'product_id': 'product_id',
            },
        )
    }}
    union all
    {{ touch('store.presence', "'store_entered'", "'store'", 'sensor', told=here) }}
    union all
    {{
        touch(
            'pos.identification', "'member_identified'", "'store'", "'till'",
            told={'store_id': 'store_id', 'content_key': 'means', 'order_id': 'order_id'},
        )
    }}
    union all
    {{
        touch(
            'pos.dine_in', "'dined_in'", "'store'", "'table'",
            told={'store_id': 'store_id', 'order_id': 'order_id'},
        )
    }}
)

select * from final
