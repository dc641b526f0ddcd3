-- grain: one row per source and click id
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['click_id'] %}
{{ config(**restated_by_landing('raw_sms__click', key, dated_by='clicked_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_sms__click'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('clicked_at') }} as clicked_date
    from records
),

final as (
    select
        _source as source,
        click_id,
        link_id,
        clicked_at,
        clicked_date,
        phone_key,
        message_id,
        campaign_id,
        user_agent,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('clicked_date') }}
)

select * from final
