-- grain: one row per source and member whose registration is dated, or who brought a friend
with referrals as (
    select
        source,
        member_id_key,
        referrer_member_id_key,
        registered_at,
        registered_date
    from {{ ref('stg_crm__member') }}
    where referrer_member_id_key is not null
),

final as (
    {{
        touch(
            'crm.member', "'registered'", "'crm'", "'registration'",
            told={'store_id': 'store_id', 'content_key': 'registered_through'},
        )
    }}
    union all
    {{
        touch(
            'crm.member', "'friend_referred'", "'crm'", "'referral'", relation='referrals',
            key="member_id_key || '|referral'", identifier='referrer_member_id_key',
        )
    }}
)

select * from final
