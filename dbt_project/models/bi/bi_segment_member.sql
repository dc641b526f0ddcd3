-- grain: one row per scheme and customer who has a segment in it
{{ config(alias='segment_member') }}
with told as (
    select
        scheme,
        segment,
        customer_key,
        as_of_date
    from {{ ref('mart_segment__member') }}
),

final as (
    select * from told
)

select * from final
