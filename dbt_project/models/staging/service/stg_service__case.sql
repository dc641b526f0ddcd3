-- grain: one row per source and case id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['case_id'] %}
{{ config(**restated_by_landing('raw_service__case', key, dated_by='opened_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_service__case'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('opened_at') }} as opened_date
    from records
),

final as (
    select
        _source as source,
        case_id,
        channel,
        category,
        priority,
        status,
        opened_at,
        opened_date,
        first_reply_at,
        closed_at,
        told_count,
        order_id,
        product_id,
        staff_id,
        member_id_key,
        phone_key,
        email_key,
        app_id,
        openid_key,
        shop_id,
        ouid_key,
        subject_key,
        resolution,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('opened_date') }}
)

select * from final
