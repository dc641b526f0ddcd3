-- grain: one row per source, member id, email, phone, app id, openid, channel, purpose and changed
-- at
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = [
    'member_id_key', 'email_key', 'phone_key', 'app_id', 'openid_key', 'channel', 'purpose',
    'changed_at',
] %}
{{ config(**restated_by_landing('raw_crm__consent', key, dated_by='changed_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_crm__consent'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('changed_at') }} as changed_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash([
            'member_id_key', 'email_key', 'phone_key', 'app_id', 'openid_key', 'channel', 'purpose', moment_text('changed_at'),
        ]) }} as record_key,
        member_id_key,
        email_key,
        phone_key,
        app_id,
        openid_key,
        channel,
        purpose,
        is_granted,
        changed_at,
        changed_date,
        said_where,
        coalesce(is_synthetic, false) as is_synthetic,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('changed_date') }}
)

select * from final
