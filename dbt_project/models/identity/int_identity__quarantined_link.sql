-- grain: one row per usable link whose ends belong to different customers
-- The links that the resolution left out: both customers are kept, a person may look at the pair.
{{ config(**restated_by('int_identity__regrouped_identifier', ['left_key', 'right_key'])) }}
with links as (
    select
        left_key,
        right_key,
        first_at
    from {{ ref('int_identity__link') }}
    where is_usable and {{ is_touched('left_key', 'int_identity__regrouped_identifier') }}
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('int_identity__strong_identifier') }}
    where {{ is_touched('identifier_key', 'int_identity__regrouped_identifier') }}
),

identifiers as (
    select
        identifier_key,
        namespace
    from {{ ref('int_identity__identifier') }}
    where
        is_unique
        and {{ is_touched('identifier_key', 'int_identity__regrouped_identifier') }}
),

contested as (
    select
        links.left_key,
        links.right_key,
        links.first_at,
        left_owner.customer_key as left_customer_key,
        right_owner.customer_key as right_customer_key
    from links
    inner join owners as left_owner on left_owner.identifier_key = links.left_key
    inner join owners as right_owner on right_owner.identifier_key = links.right_key
    where left_owner.customer_key <> right_owner.customer_key
),

unique_values as (
    select
        owners.customer_key,
        identifiers.namespace
    from owners
    inner join identifiers on identifiers.identifier_key = owners.identifier_key
),

doubles as (
    select
        contested.left_key,
        contested.right_key,
        min(left_value.namespace) as namespace
    from contested
    inner join unique_values as left_value
        on left_value.customer_key = contested.left_customer_key
    inner join unique_values as right_value
        on
            right_value.customer_key = contested.right_customer_key
            and right_value.namespace = left_value.namespace
    group by contested.left_key, contested.right_key
),

final as (
    select
        contested.left_key,
        contested.right_key,
        contested.first_at,
        contested.left_customer_key,
        contested.right_customer_key,
        case
            when doubles.namespace is not null
                then 'would give one customer two values of ' || doubles.namespace
            else 'would join what was refused to be one customer'
        end as reason
    from contested
    left join doubles
        on doubles.left_key = contested.left_key and doubles.right_key = contested.right_key
)

select * from final
