-- grain: one row per statement of consent and identifier it names
with statements as (
    {{
        identifiers_of(
            'crm.consent',
            carry=[
                'source', 'consent_key', 'channel', 'purpose', 'is_granted', 'changed_at',
                'changed_date', 'said_where',
            ],
        )
    }}
),

identifiers as (
    select
        identifier_key,
        priority,
        is_usable
    from {{ ref('int_identity__identifier') }}
),

final as (
    select
        statements.source,
        statements.consent_key,
        statements.channel,
        statements.purpose,
        statements.is_granted,
        statements.changed_at,
        statements.changed_date,
        statements.said_where,
        statements.identifier_key,
        row_number() over (
            partition by statements.source, statements.consent_key
            order by
                case when identifiers.is_usable then 0 else 1 end,
                identifiers.priority,
                statements.identifier_key
        ) = 1 as is_owner
    from statements
    left join identifiers on identifiers.identifier_key = statements.identifier_key
)

select * from final
