-- grain: one row per path of channel families, the most frequent ones, and one for all others
-- Of the journeys that bought or ended within var journey_path_days up to as_of.
with clock as (
    select
        as_of_date,
        {{ add_days('as_of_date', '-' ~ var('journey_path_days')) }} as since_date
    from {{ ref('int_time__clock') }}
),

journeys as (
    select
        told.customer_key,
        told.path,
        told.step_count,
        told.is_converted,
        told.days_to_purchase,
        clock.as_of_date
    from {{ ref('ftr_customer__journey_path') }} as told
    inner join clock on clock.since_date < told.decided_date
),

sizes as (
    select
        path,
        row_number() over (order by count(*) desc, path asc) as path_rank
    from journeys
    group by path
),

named as (
    select
        journeys.customer_key,
        journeys.is_converted,
        journeys.days_to_purchase,
        journeys.as_of_date,
        case
            when sizes.path_rank <= {{ var('journey_paths_kept') }} then journeys.path else 'other'
        end as path,
        case
            when sizes.path_rank <= {{ var('journey_paths_kept') }} then sizes.path_rank
            else {{ var('journey_paths_kept') }} + 1
        end as path_rank,
        case
            when sizes.path_rank > {{ var('journey_paths_kept') }} then null
            when journeys.step_count > {{ var('journey_path_most_steps') }}
                then {{ var('journey_path_most_steps') }}
            else journeys.step_count
        end as step_count
    from journeys
    inner join sizes on sizes.path = journeys.path
),

counted as (
    select
        path_rank,
        path,
        step_count,
        as_of_date,
        count(*) as journey_count,
        count(distinct customer_key) as customer_count,
        count(case when is_converted then 1 end) as converted_count,
        sum(count(*)) over () as all_journey_count,
        {{ median('days_to_purchase') }} as median_days_to_purchase
    from named
    group by path_rank, path, step_count, as_of_date
),

final as (
    select
        cast(path_rank as integer) as path_rank,
        path,
        cast(step_count as integer) as step_count,
        journey_count,
        {{ share_of('journey_count', 'all_journey_count') }} as journey_share,
        customer_count,
        converted_count,
        {{ share_of('converted_count', 'journey_count') }} as converted_share,
        cast(median_days_to_purchase as decimal(9, 1)) as median_days_to_purchase,
        as_of_date
    from counted
)

select * from final
