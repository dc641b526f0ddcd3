-- grain: one row per identified customer, kind of thing and thing they have shown interest in
with affinities as (
    select
        customer_key,
        kind,
        interest,
        sign_count,
        last_sign_date,
        affinity_score,
        affinity_share,
        affinity_rank
    from {{ ref('ftr_customer__affinity') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

final as (
    select
        affinities.*,
        clock.as_of_date
    from affinities
    cross join clock
)

select * from final
