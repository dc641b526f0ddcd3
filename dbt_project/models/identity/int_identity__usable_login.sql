-- grain: one row per login that counts
-- A login counts when both identifiers may be used, nobody refused the pair and its evidence was
-- not withdrawn.
{{ config(**restated_by('int_identity__restated_identifier', ['weak_key'])) }}
with logins as (
    select
        weak_key,
        strong_key,
        rule,
        login_date,
        login_at,
        case when weak_key < strong_key then weak_key else strong_key end as left_key,
        case when weak_key < strong_key then strong_key else weak_key end as right_key
    from {{ ref('int_identity__login') }}
    where {{ is_touched('weak_key', 'int_identity__restated_identifier') }}
),

owners as (
    select
        identifier_key,
        customer_key,
        priority
    from {{ ref('int_identity__strong_identifier') }}
),

devices as (
    select identifier_key
    from {{ ref('int_identity__identifier') }}
    where is_usable and not is_strong
),

decisions as (
    select
        left_key,
        right_key
    from {{ ref('int_identity__decision') }}
    where decision = 'refuse'
),

final as (
    select
        logins.weak_key,
        logins.strong_key,
        logins.rule,
        logins.login_date,
        logins.login_at,
        owners.customer_key,
        owners.priority
    from logins
    inner join devices on devices.identifier_key = logins.weak_key
    inner join owners on owners.identifier_key = logins.strong_key
    left join decisions
        on decisions.left_key = logins.left_key and decisions.right_key = logins.right_key
    where
        decisions.left_key is null
        and not {{ was_withdrawn('logins', 'login_date') }}
)

select * from final
