-- grain: one row per pair of identifiers, rule and day (left_key < right_key)
-- Two strong identifiers on one record are evidence that they are one person. A weak one beside a
-- strong one is a login (int_identity__login); two weak ones say nothing.
{%- set pairs = identifier_pairs(identity_records()) %}
with records as (
    {%- for pair in pairs %}
    select
        {{ pair.one_column }} as one_key,
        '{{ pair.one_namespace }}' as one_namespace,
        {{ pair.other_column }} as other_key,
        '{{ pair.other_namespace }}' as other_namespace,
        '{{ pair.record.rule }}' as rule,
        {{ evidence_date(pair.record) }} as evidence_date,
        {{ evidence_at(pair.record) }} as seen_at
    from {{ ref(pair.record.model) }}
    where
        {{ pair.one_column }} is not null
        and {{ pair.other_column }} is not null
        and {{ pair.record.where }}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

ordered as (
    select
        records.rule,
        records.evidence_date,
        records.seen_at,
        case
            when records.one_key < records.other_key then records.one_key else records.other_key
        end as left_key,
        case
            when records.one_key < records.other_key then records.one_namespace
            else records.other_namespace
        end as left_namespace,
        case
            when records.one_key < records.other_key then records.other_key else records.one_key
        end as right_key,
        case
            when records.one_key < records.other_key then records.other_namespace
            else records.one_namespace
        end as right_namespace
    from records
    inner join namespaces as one_space on one_space.namespace = records.one_namespace
    inner join namespaces as other_space on other_space.namespace = records.other_namespace
    where
        records.one_key <> records.other_key
        and one_space.is_strong
        and other_space.is_strong
),

final as (
    select
        left_key,
        left_namespace,
        right_key,
        right_namespace,
        rule,
        evidence_date,
        min(seen_at) as first_at
    from ordered
    group by left_key, left_namespace, right_key, right_namespace, rule, evidence_date
)

select * from final
