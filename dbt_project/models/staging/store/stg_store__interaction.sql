-- grain: one row per source and interaction id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['interaction_id'] %}
{{ config(**restated_by_landing('raw_store__interaction', key, dated_by='happened_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_store__interaction'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('happened_at') }} as happened_date
    from records
),

final as (
    select
        _source as source,
        interaction_id,
        interaction_type,
        store_id,
        staff_id,
        happened_at,
        happened_date,
        product_id,
        outcome,
        satisfaction,
        voucher_id,
        note_key,
        member_id_key,
        phone_key,
        app_id,
        openid_key,
        unionid_key,
        corp_id,
        external_userid_key,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('happened_date') }}
)

select * from final
