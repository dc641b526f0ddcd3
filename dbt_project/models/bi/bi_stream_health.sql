-- grain: one row per landing contract whose records have a date
{{ config(alias='stream_health') }}
with health as (
    select
        contract,
        channel_group,
        as_of_date,
        is_connected,
        row_count,
        first_date,
        last_date,
        days_since_last,
        names_customers,
        named_share,
        joined_share,
        recent_row_count,
        recent_joined_share
    from {{ ref('mart_stream__health') }}
),

final as (
    select * from health
)

select * from final
