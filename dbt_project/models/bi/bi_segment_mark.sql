-- grain: one row per scheme, segment, kind of mark and mark
{{ config(alias='segment_mark') }}
with told as (
    select
        scheme,
        segment,
        kind,
        mark,
        customer_count,
        customer_share,
        lift,
        net_sales_amount,
        mark_rank
    from {{ ref('mart_segment__mark') }}
),

final as (
    select * from told
)

select * from final
