-- grain: one row per identifier ever seen and interval in which it belongs to one customer
-- A strong identifier has one row for all its history, a device one per interval of assignment. A
-- device nobody ever logged in on founds an anonymous customer. Identifiers that may not be used
-- belong to `unidentified`, and so does a store's device that nobody logged in on.
-- Made after: {{ ref('int_identity__former_customer') if restates() or not execute }}
{{ config(**restated_by('int_identity__restated_identifier', ['identifier_key'])) }}
{%- set beginning = day_start(undated_date()) %}
{%- set no_end = 'cast(null as ' ~ type_moment() ~ ')' %}
with identifiers as (
    select
        identifier_key,
        namespace,
        priority,
        is_strong,
        first_at,
        is_usable,
        unusable_reason
    from {{ ref('int_identity__identifier') }}
    where {{ is_touched('identifier_key', 'int_identity__restated_identifier') }}
),

owners as (
    select
        identifier_key,
        customer_key
    from {{ ref('int_identity__strong_identifier') }}
),

devices as (
    select
        identifier_key,
        namespace,
        priority,
        first_at,
        is_usable,
        is_store_device,
        unusable_reason
    from {{ ref('int_identity__weak_identifier') }}
    where {{ is_touched('identifier_key', 'int_identity__restated_identifier') }}
),

holders as (
    select
        identifier_key,
        is_of_its_customer
    from {{ ref('int_identity__holder') }}
),

assignments as (
    select
        weak_key,
        strong_key,
        customer_key,
        valid_from,
        valid_to
    from {{ ref('int_identity__assignment') }}
),

known as (
    select
        coalesce(owners.customer_key, {{ unidentified() }}) as customer_key,
        identifiers.identifier_key,
        identifiers.namespace,
        identifiers.priority,
        identifiers.is_strong,
        identifiers.first_at,
        {{ beginning }} as valid_from,
        {{ no_end }} as valid_to,
        cast(null as {{ type_text() }}) as assigned_to_key,
        coalesce(holders.is_of_its_customer, true) as is_held,
        identifiers.is_usable,
        identifiers.unusable_reason
    from identifiers
    left join owners on owners.identifier_key = identifiers.identifier_key
    left join holders on holders.identifier_key = identifiers.identifier_key
    where identifiers.is_strong or identifiers.priority is null
),

lent as (
    select
        coalesce(
            assignments.customer_key,
            case
                when devices.is_usable and not devices.is_store_device then devices.identifier_key
                else {{ unidentified() }}
            end
        ) as customer_key,
        devices.identifier_key,
        devices.namespace,
        devices.priority,
        false as is_strong,
        devices.first_at,
        coalesce(assignments.valid_from, {{ beginning }}) as valid_from,
        assignments.valid_to,
        assignments.strong_key as assigned_to_key,
        true as is_held,
        devices.is_usable
        and (assignments.weak_key is not null or not devices.is_store_device) as is_usable,
        case
            when not devices.is_usable then devices.unusable_reason
            when assignments.weak_key is null and devices.is_store_device
                then 'a device of the store that nobody logged in on'
        end as unusable_reason
    from devices
    left join assignments on assignments.weak_key = devices.identifier_key
),

told as (
    select * from known
    union all
    select * from lent
),

final as (
    select
        customer_key,
        identifier_key,
        namespace,
        priority,
        is_strong,
        first_at,
        valid_from,
        valid_to,
        row_number() over (
            partition by identifier_key
            order by valid_from
        ) = 1 as is_first,
        assigned_to_key,
        is_held,
        is_usable,
        unusable_reason
    from told
)

select * from final
