-- grain: one row per contract, source and record that may tell a customer's traits
-- Whom the record is about: its best identifier that is strong, usable, still that customer's own
-- and of nobody else. A device tells nothing of a person. A number or an address that two customers
-- were seen with, as families share one, tells nothing by itself.
with records as (
    {%- for teller in trait_tellers() %}
    {%- set record = identity_records() | selectattr('rule', 'equalto', teller.contract) | first %}
    {%- for namespace, column in record.identifiers.items() %}
    select
        '{{ teller.contract }}' as contract,
        source,
        {{ cast_text(record.record_key) }} as record_key,
        '{{ namespace }}' as namespace,
        {{ column }} as identifier_key
    from {{ ref(record.model) }}
    where {{ column }} is not null and {{ record.where }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

owners as (
    select
        identifier_key,
        customer_key,
        priority
    from {{ ref('int_identity__customer_identifier') }}
    where is_usable and is_strong and is_held
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

contested as (
    select left_key as identifier_key from {{ ref('int_identity__quarantined_link') }}
    union
    select right_key as identifier_key from {{ ref('int_identity__quarantined_link') }}
),

ranked as (
    select
        records.contract,
        records.source,
        records.record_key,
        owners.customer_key,
        row_number() over (
            partition by records.contract, records.source, records.record_key
            order by owners.priority, owners.identifier_key
        ) as owner_rank
    from records
    inner join owners on owners.identifier_key = records.identifier_key
    inner join namespaces on namespaces.namespace = records.namespace
    left join contested on contested.identifier_key = records.identifier_key
    where namespaces.is_unique or contested.identifier_key is null
),

final as (
    select
        contract,
        source,
        record_key,
        customer_key
    from ranked
    where owner_rank = 1 and customer_key <> {{ unidentified() }}
)

select * from final
