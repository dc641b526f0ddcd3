-- grain: one row per customer and interval in which the furthest stage of a journey was the same
-- A journey goes on while signs of a stage follow one another within var journey_idle_days, and
-- ends by itself so many days after the last. Within it the stage never falls.
{%- set stages = ['seek', 'aware', 'interest', 'intent', 'purchase', 'use', 'loyal'] %}
with signs as (
    select
        customer_key,
        event_at,
        event_id,
        event_type,
        journey_stage,
        case journey_stage
            {%- for stage in stages %}
            when '{{ stage }}' then {{ loop.index }}
            {%- endfor %}
        end as stage_rank
    from {{ ref('fct_event') }}
    where customer_key <> {{ unidentified() }} and journey_stage is not null
),

clock as (
    select {{ day_start(add_days('as_of_date', '1')) }} as end_at
    from {{ ref('int_time__clock') }}
),

compared as (
    select
        *,
        lag(event_at) over (
            partition by customer_key
            order by event_at, event_id
        ) as sign_before_at
    from signs
),

counted as (
    select
        *,
        sum(
            case
                when
                    sign_before_at is null
                    or {{ add_seconds('sign_before_at', '86400 * ' ~ var('journey_idle_days')) }}
                    < event_at
                    then 1
                else 0
            end
        ) over (
            partition by customer_key
            order by event_at, event_id
            rows between unbounded preceding and current row
        ) as journey_number
    from compared
),

furthest as (
    select
        *,
        max(event_at) over (partition by customer_key, journey_number) as last_sign_at,
        max(stage_rank) over (
            partition by customer_key, journey_number
            order by event_at, event_id
            rows between unbounded preceding and 1 preceding
        ) as rank_before
    from counted
),

reached as (
    select
        *,
        row_number() over (
            partition by customer_key, journey_number, event_at
            order by stage_rank desc, event_id asc
        ) as rank_at_moment
    from furthest
    where rank_before is null or stage_rank > rank_before
),

moves as (
    select
        customer_key,
        journey_number,
        journey_stage,
        event_at as valid_from,
        event_type as reason,
        {{ add_seconds('last_sign_at', '86400 * ' ~ var('journey_idle_days')) }} as due_at,
        lead(event_at) over (
            partition by customer_key, journey_number
            order by event_at
        ) as next_at
    from reached
    where rank_at_moment = 1
),

final as (
    select
        moves.customer_key,
        cast(moves.journey_number as integer) as journey_number,
        moves.journey_stage,
        moves.valid_from,
        coalesce(
            moves.next_at, case when moves.due_at < clock.end_at then moves.due_at end
        ) as valid_to,
        moves.reason,
        moves.next_at is null and moves.due_at < clock.end_at as is_timed_out
    from moves
    cross join clock
)

select * from final
