-- grain: one row per source and statement of consent
with final as (
    {{
        touch(
            'crm.consent',
            "case when is_granted then 'consent_given' else 'consent_withdrawn' end",
            "'crm'", "'consent'", told={'content_key': "channel || '/' || purpose"},
        )
    }}
)

select * from final
