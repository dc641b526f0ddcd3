-- grain: one row per contract and business day with landed records
{{ config(alias='stream_day') }}
with days as (
    select
        contract,
        stream_date,
        row_count,
        named_count,
        joined_count
    from {{ ref('fct_stream_day') }}
),

final as (
    select * from days
)

select * from final
