-- grain: one row per pair of identifiers, rule and day (left_key < right_key)
-- Two identifiers on one record are evidence that they are one person.
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

ordered as (
    select
        case when one_key < other_key then one_key else other_key end as left_key,
        case
            when one_key < other_key then one_namespace else other_namespace
        end as left_namespace,
        case when one_key < other_key then other_key else one_key end as right_key,
        case
            when one_key < other_key then other_namespace else one_namespace
        end as right_namespace,
        rule,
        evidence_date,
        seen_at
    from records
    where one_key <> other_key
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
