-- grain: one row per source, shop id, ouid, member id, status and bound at
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['shop_id', 'ouid_key', 'member_id_key', 'status', 'bound_at'] %}
{{ config(**restated_by_landing('raw_tmall__member_binding', key, dated_by='bound_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_tmall__member_binding'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('bound_at') }} as bound_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash([
            'shop_id', 'ouid_key', 'member_id_key', 'status', moment_text('bound_at'),
        ]) }} as record_key,
        shop_id,
        ouid_key,
        omid_key,
        member_id_key,
        phone_key,
        status,
        bound_at,
        bound_date,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('bound_date') }}
)

select * from final
