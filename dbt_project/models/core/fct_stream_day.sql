-- grain: one row per contract and business day with landed records
with days as (
    select
        contract,
        stream_date,
        row_count,
        named_count,
        joined_count
    from {{ ref('int_stream__day') }}
),

final as (
    select
        contract,
        stream_date,
        row_count,
        named_count,
        joined_count
    from days
)

select * from final
