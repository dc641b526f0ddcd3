-- grain: one row per weak identifier and interval in which it is one strong identifier's
-- The login wins until the next login; what came before the first one belongs to it too (valid_from
-- is then the undated moment). A store's device is nobody's before a login, after a logout and
-- after its business day.
{{ config(**restated_by('int_identity__restated_identifier', ['weak_key'])) }}
with logins as (
    select
        weak_key,
        strong_key,
        login_date,
        login_at,
        customer_key,
        priority
    from {{ ref('int_identity__usable_login') }}
    where {{ is_touched('weak_key', 'int_identity__restated_identifier') }}
),

devices as (
    select
        identifier_key,
        is_store_device
    from {{ ref('int_identity__weak_identifier') }}
    where is_usable and {{ is_touched('identifier_key', 'int_identity__restated_identifier') }}
),

ranked as (
    select
        logins.weak_key,
        logins.strong_key,
        logins.customer_key,
        logins.login_date,
        logins.login_at,
        devices.is_store_device,
        row_number() over (
            partition by logins.weak_key, logins.login_at
            order by logins.priority, logins.strong_key
        ) as login_rank
    from logins
    inner join devices on devices.identifier_key = logins.weak_key
),

compared as (
    select
        weak_key,
        strong_key,
        customer_key,
        login_date,
        login_at,
        is_store_device,
        lag(strong_key) over (
            partition by weak_key
            order by login_at
        ) as strong_key_before
    from ranked
    where login_rank = 1
),

turns as (
    select
        weak_key,
        strong_key,
        customer_key,
        login_date,
        login_at as turned_at,
        is_store_device,
        strong_key_before is null and not is_store_device as is_first
    from compared
    where is_store_device or strong_key_before is null or strong_key_before <> strong_key
    union all
    select
        logouts.weak_key,
        cast(null as {{ type_text() }}) as strong_key,
        cast(null as {{ type_text() }}) as customer_key,
        logouts.logout_date as login_date,
        logouts.logout_at as turned_at,
        true as is_store_device,
        false as is_first
    from {{ ref('int_identity__logout') }} as logouts
    inner join devices on devices.identifier_key = logouts.weak_key
    where devices.is_store_device
),

intervals as (
    select
        weak_key,
        strong_key,
        customer_key,
        is_store_device,
        case when is_first then {{ day_start(undated_date()) }} else turned_at end as valid_from,
        lead(turned_at) over (
            partition by weak_key
            order by turned_at, case when strong_key is null then 1 else 0 end
        ) as next_at,
        {{ day_start(add_days('login_date', '1')) }} as day_end_at
    from turns
),

ended as (
    select
        weak_key,
        strong_key,
        customer_key,
        valid_from,
        case
            when not is_store_device or next_at < day_end_at then next_at
            else day_end_at
        end as valid_to
    from intervals
    where strong_key is not null
),

final as (
    select
        weak_key,
        strong_key,
        customer_key,
        valid_from,
        valid_to
    from ended
    where valid_to is null or valid_to > valid_from
)

select * from final
