-- grain: one row per source, app instance id and registered at
-- Made from orchestration/sources/contracts by `make artifacts`. Change it there.
{%- set key = ['app_instance_id_key', 'registered_at'] %}
{{ config(**restated_by_landing('raw_app__push_token', key, dated_by='registered_at')) }}
with records as (
    {{ latest_records(source('raw', 'raw_app__push_token'), key=key) }}
),

dated as (
    select
        *,
        {{ business_date('registered_at') }} as registered_date
    from records
),

final as (
    select
        _source as source,
        {{ stable_hash([
            'app_instance_id_key', moment_text('registered_at'),
        ]) }} as record_key,
        app_instance_id_key,
        member_id_key,
        push_token_key,
        push_service,
        is_enabled,
        registered_at,
        registered_date,
        _loaded_at as loaded_at
    from dated
    where {{ happened_by_then('registered_date') }}
)

select * from final
