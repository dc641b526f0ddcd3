-- grain: one row per weak identifier of a listed namespace
-- A device on which more customers logged in than its namespace allows is nobody's. Of a store's
-- own device nothing else is to be expected: its intervals end with the day instead.
{{ config(**restated_by(
    'int_identity__restated_identifier',
    ['identifier_key'],
    found_by=['(identifier_key) where is_store_device']
)) }}
with identifiers as (
    select
        identifier_key,
        namespace,
        priority,
        first_at,
        is_usable,
        unusable_reason
    from {{ ref('int_identity__identifier') }}
    where
        not is_strong
        and priority is not null
        and {{ is_touched('identifier_key', 'int_identity__restated_identifier') }}
),

namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

store_devices as (
    select identifier_key
    from {{ ref('int_identity__store_device') }}
),

customers as (
    select
        weak_key,
        count(distinct customer_key) as customer_count
    from {{ ref('int_identity__usable_login') }}
    where {{ is_touched('weak_key', 'int_identity__restated_identifier') }}
    group by weak_key
),

judged as (
    select
        identifiers.identifier_key,
        identifiers.namespace,
        identifiers.priority,
        identifiers.first_at,
        store_devices.identifier_key is not null as is_store_device,
        coalesce(customers.customer_count, 0) as customer_count,
        coalesce(
            identifiers.unusable_reason,
            case
                when
                    store_devices.identifier_key is null
                    and customers.customer_count > namespaces.maximum_neighbours
                    then 'more customers than its namespace allows'
            end
        ) as unusable_reason
    from identifiers
    inner join namespaces on namespaces.namespace = identifiers.namespace
    left join store_devices on store_devices.identifier_key = identifiers.identifier_key
    left join customers on customers.weak_key = identifiers.identifier_key
),

final as (
    select
        identifier_key,
        namespace,
        priority,
        first_at,
        is_store_device,
        customer_count,
        unusable_reason is null as is_usable,
        unusable_reason
    from judged
)

select * from final
