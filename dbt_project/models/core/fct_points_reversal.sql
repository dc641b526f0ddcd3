-- grain: one row per refund that takes points back
-- In proportion to the money, made whole as the order's points were, and never more than the order
-- earned and earlier refunds of it left.
with earned as (
    select
        source,
        order_id,
        identifier_key,
        sales_amount,
        rounding,
        exact_points,
        points
    from {{ ref('fct_points_earned') }}
    where points > 0
),

refunds as (
    select
        refunds.contract,
        refunds.source,
        refunds.refund_id,
        refunds.refunded_at,
        refunds.refunded_date,
        refunds.refund_amount,
        earned.source as order_source,
        earned.order_id,
        earned.identifier_key,
        earned.points as earned_points,
        case earned.rounding
            when 'nearest'
                then round(refunds.refund_amount * earned.exact_points / earned.sales_amount, 0)
            else floor(refunds.refund_amount * earned.exact_points / earned.sales_amount)
        end as points
    from {{ ref('fct_refund') }} as refunds
    inner join earned
        on earned.source = refunds.order_source and earned.order_id = refunds.order_id
    where refunds.refund_amount > 0
),

counted as (
    select
        *,
        sum(points) over (
            partition by order_source, order_id
            order by refunded_at, contract, source, refund_id
            rows between unbounded preceding and current row
        ) as points_so_far
    from refunds
),

limited as (
    select
        *,
        least(points_so_far, earned_points)
        - least(points_so_far - points, earned_points) as taken_points
    from counted
),

final as (
    select
        contract,
        source,
        refund_id,
        order_source,
        order_id,
        identifier_key,
        refunded_at,
        refunded_date,
        refund_amount,
        cast(taken_points as bigint) as points
    from limited
    where taken_points > 0
)

select * from final
