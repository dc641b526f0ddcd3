-- grain: one row per customer and measuring day by which they had bought
-- What customers of the same kind went on to be worth, times how the customer's own value has grown
-- from one horizon to the next. The peers' value is added to both sides of the growth, so that one
-- purchase more or less does not double it; var vap_growth_limit bounds it. Who is too new to have
-- two horizons has no growth of their own.
{%- set limit = var('vap_growth_limit') %}
with measures as (
    select
        customer_key,
        measured_date,
        is_month_end,
        is_as_of,
        first_category,
        relation_age_band,
        spend_band,
        relation_days,
        recent_value_amount,
        before_value_amount
    from {{ ref('ftr_customer__vap_measure') }}
),

peers as (
    select
        valid_from,
        valid_to,
        first_category,
        relation_age_band,
        spend_band,
        next_value_amount
    from {{ ref('ftr_brand__peer_value') }}
),

expected as (
    select
        measures.customer_key,
        measures.measured_date,
        measures.is_month_end,
        measures.is_as_of,
        measures.relation_days,
        measures.recent_value_amount,
        measures.before_value_amount,
        coalesce(peers.next_value_amount, everybody.next_value_amount) as next_value_amount
    from measures
    left join peers
        on
            peers.first_category = measures.first_category
            and peers.relation_age_band = measures.relation_age_band
            and peers.spend_band = measures.spend_band
            and {{ in_force('peers', 'measures.measured_date') }}
    left join peers as everybody
        on
            everybody.first_category is null
            and {{ in_force('everybody', 'measures.measured_date') }}
),

bounded as (
    select
        *,
        case when next_value_amount < 0 then 0 else next_value_amount end as peer_value_amount
    from expected
),

grown as (
    select
        *,
        case
            when relation_days < 2 * {{ var('vap_horizon_days') }} then 1
            when before_value_amount + peer_value_amount <= 0 then 1
            else
                least(
                    greatest(
                        (recent_value_amount + peer_value_amount)
                        / (before_value_amount + peer_value_amount),
                        1.0 / {{ limit }}
                    ),
                    {{ limit }}
                )
        end as growth_factor
    from bounded
),

final as (
    select
        customer_key,
        measured_date,
        is_month_end,
        is_as_of,
        cast(peer_value_amount as decimal(16, 2)) as peer_value_amount,
        cast(growth_factor as decimal(9, 4)) as growth_factor,
        cast(peer_value_amount * growth_factor as decimal(16, 2)) as potential_amount
    from grown
)

select * from final
