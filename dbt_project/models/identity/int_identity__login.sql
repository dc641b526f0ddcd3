-- grain: one row per weak identifier, strong identifier, rule and moment
-- A weak identifier and a strong one on the same record: from that moment on whoever holds the
-- device is that person. Of a device's moments on one day that say the same one after the other
-- only the first is kept; a logout between them ends the row.
{{ config(**restated_by('int_identity__told_identifier', ['weak_key'], found_by=['strong_key'])) }}
with namespaces as (
    {{ brand_rows(ref('identifier_namespaces'), key=['namespace']) }}
),

told_devices as (
    select
        told.identifier_key,
        told.namespace
    from {{ ref('int_identity__told_identifier') }} as told
    inner join namespaces on namespaces.namespace = told.namespace
    where not namespaces.is_strong
),

records as (
    {{ paired_records(identity_records(), where=one_is_strong, touched=a_device_is_told) }}
),

logins as (
    select distinct
        records.rule,
        records.evidence_date as login_date,
        records.seen_at as login_at,
        case when one_space.is_strong then records.other_key else records.one_key end as weak_key,
        case
            when one_space.is_strong then records.other_namespace else records.one_namespace
        end as weak_namespace,
        case when one_space.is_strong then records.one_key else records.other_key end as strong_key,
        case
            when one_space.is_strong then records.one_namespace else records.other_namespace
        end as strong_namespace
    from records
    inner join namespaces as one_space on one_space.namespace = records.one_namespace
),

told as (
    select
        weak_key,
        login_date,
        login_at,
        {{ list_text("strong_key || '/' || rule") }} as said
    from logins
    group by weak_key, login_date, login_at
    union all
    select
        weak_key,
        logout_date as login_date,
        logout_at as login_at,
        'logout' as said
    from {{ ref('int_identity__logout') }}
    where {{ is_touched('weak_key', 'int_identity__told_identifier') }}
),

compared as (
    select
        weak_key,
        login_date,
        login_at,
        said,
        lag(said) over (
            partition by weak_key, login_date
            order by login_at, case when said = 'logout' then 1 else 0 end
        ) as said_before
    from told
),

final as (
    select
        logins.weak_key,
        logins.weak_namespace,
        logins.strong_key,
        logins.strong_namespace,
        logins.rule,
        logins.login_date,
        logins.login_at
    from logins
    inner join compared
        on
            compared.weak_key = logins.weak_key
            and compared.login_date = logins.login_date
            and compared.login_at = logins.login_at
    where
        compared.said <> 'logout'
        and (compared.said_before is null or compared.said_before <> compared.said)
)

select * from final
