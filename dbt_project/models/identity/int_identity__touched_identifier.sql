-- grain: one row per identifier of which something is new since the cut that identity stands at
-- A block that came or went touches the neighbours as well, and whoever was decided on touches the
-- other side: a release waits until both have been seen. Empty where identity is made whole.
{%- if restates() or not execute %}
with blocked as (
    select
        identifier_key,
        reason
    from {{ ref('int_identity__blocked_identifier') }}
),

store_devices as (
    select identifier_key
    from {{ ref('int_identity__store_device') }}
),

decisions as (
    select
        left_key,
        right_key,
        as_of,
        decided_at
    from {{ source('ops', 'identity_decision') }}
),

block_changed as (
    select identifiers.identifier_key
    from {{ standing('int_identity__identifier') }} as identifiers
    left join blocked
        on
            blocked.identifier_key = identifiers.identifier_key
            and blocked.reason = identifiers.block_reason
    where identifiers.block_reason is not null and blocked.identifier_key is null
    union
    select blocked.identifier_key
    from blocked
    inner join {{ standing('int_identity__identifier') }} as identifiers
        on identifiers.identifier_key = blocked.identifier_key
    where identifiers.block_reason is null
),

device_changed as (
    select devices.identifier_key
    from {{ standing('int_identity__weak_identifier') }} as devices
    left join store_devices on store_devices.identifier_key = devices.identifier_key
    where devices.is_store_device and store_devices.identifier_key is null
    union
    select store_devices.identifier_key
    from store_devices
    inner join {{ standing('int_identity__weak_identifier') }} as devices
        on devices.identifier_key = store_devices.identifier_key
    where not devices.is_store_device
),

newly_decided as (
    select
        left_key,
        right_key
    from decisions
    where ({{ known_since('decided_at') }}) or ({{ happened_since('as_of') }})
),

told as (
    select identifier_key from {{ ref('int_identity__told_identifier') }}
    union
    select left_key from newly_decided
    union
    select right_key from newly_decided
    union
    select identifier_key from device_changed
    union
    select identifier_key from block_changed
    union
    select links.right_key
    from {{ standing('int_identity__candidate_link') }} as links
    inner join block_changed on block_changed.identifier_key = links.left_key
    union
    select links.left_key
    from {{ standing('int_identity__candidate_link') }} as links
    inner join block_changed on block_changed.identifier_key = links.right_key
),

final as (
    select identifier_key from told
    union
    select decisions.right_key as identifier_key
    from decisions
    inner join told on told.identifier_key = decisions.left_key
    union
    select decisions.left_key as identifier_key
    from decisions
    inner join told on told.identifier_key = decisions.right_key
)
{%- else %}
with final as (
    select identifier_key
    from {{ ref('int_identity__blocked_identifier') }}
    where false
)
{%- endif %}

select * from final
