-- grain: one row per customer and trait known of them
-- Survivorship by seeds/trait_rules.csv. A trait that goes with another one survives from the same
-- record only: a province with its city, the calendar of a birthday with the birthday.
with rules as (
    {{ brand_rows(ref('trait_rules'), key=['trait', 'contract']) }}
),

statements as (
    select
        statements.customer_key,
        statements.trait,
        statements.trait_value,
        statements.contract,
        statements.source,
        statements.record_key,
        statements.told_at,
        statements.loaded_at,
        coalesce(statements.told_at, statements.loaded_at) as known_at,
        rules.trust,
        rules.keep
    from {{ ref('int_customer__trait_statement') }} as statements
    inner join rules
        on rules.trait = statements.trait and rules.contract = statements.contract
    where rules.trust > 0
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key, trait
            order by
                trust desc,
                case when keep = 'latest' then known_at end desc nulls last,
                case when keep = 'earliest' then known_at end asc nulls last,
                source asc,
                contract asc,
                record_key asc
        ) as told_rank
    from statements
),

counted as (
    select
        customer_key,
        trait,
        count(distinct trait_value) as value_count
    from statements
    group by customer_key, trait
),

survivors as (
    select * from ranked
    where told_rank = 1
),

final as (
    select
        survivors.customer_key,
        survivors.trait,
        survivors.trait_value,
        survivors.contract,
        survivors.source,
        survivors.told_at,
        survivors.loaded_at,
        counted.value_count
    from survivors
    inner join counted
        on counted.customer_key = survivors.customer_key and counted.trait = survivors.trait
    left join survivors as principals
        on
            principals.customer_key = survivors.customer_key
            and principals.trait = case survivors.trait
                {%- for companion, principal in trait_companions().items() %}
                when '{{ companion }}' then '{{ principal }}'
                {%- endfor %}
            end
    where
        principals.trait is null
        or (
            principals.contract = survivors.contract
            and principals.source = survivors.source
            and principals.record_key = survivors.record_key
        )
)

select * from final
