-- grain: one row per statement of consent and identifier it names
with statements as (
    {{
        ranked_identifiers_of(
            'crm.consent',
            record_key=['source', 'record_key'],
            carry=[
                'source', 'record_key', 'channel', 'purpose', 'is_granted', 'changed_at',
                'changed_date', 'said_where',
            ],
            at='changed_at',
        )
    }}
),

final as (
    select
        source,
        record_key,
        identifier_key,
        channel,
        purpose,
        is_granted,
        changed_at,
        changed_date,
        said_where,
        owner_rank = 1 as is_owner
    from statements
)

select * from final
