-- grain: one row per promotion that has begun
-- The parts of its effect side by side, and why a part cannot be told: the first reason that holds.
{%- set parts = {
    'incremental': ('promoted', 'during'),
    'cannibalisation': ('neighbour', 'during'),
    'pull_forward': ('promoted', 'after'),
} %}
{%- set whole = [
    'baseline_weeks', 'sales_amount', 'discount_amount', 'usual_sales_amount',
    'measured_sales_amount', 'costed_sales_amount',
] %}
{%- set counts = [
    'product_count', 'exposed_count', 'measured_count', 'comparison_count', 'redemption_count',
    'redeemer_count',
] %}
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

promotions as (
    select
        promotion_key,
        promotion_type,
        channel,
        end_date,
        window_last_date,
        case
            when comparison_unit = 'customer' then {{ var('promotion_least_customers') }} else 1
        end as least_exposed,
        case
            when comparison_unit = 'customer' then {{ var('promotion_least_customers') }}
            else {{ var('promotion_least_places') }}
        end as least_comparable
    from {{ ref('ftr_promotion__promotion') }}
),

reach as (
    select
        promotion_key,
        {{ counts | join(',\n        ') }}
    from {{ ref('ftr_promotion__reach') }}
),

effects as (
    select
        promotion_key,
        {%- for part, (role, span) in parts.items() %}
        {%- for measure in ['sales_effect', 'sales_error', 'margin_effect', 'margin_error'] %}
        max(
            case
                when product_role = '{{ role }}' and span = '{{ span }}' and is_measurable
                    then {{ measure }}_amount
            end
        ) as {{ part }}_{{ measure }},
        {%- endfor %}
        {%- endfor %}
        {%- for measure in whole %}
        max(case when product_role = 'promoted' and span = 'during' then {{ measure }} end)
            as {{ measure }},
        {%- endfor %}
        max(case when product_role = 'neighbour' then 1 else 0 end) as neighbours
    from {{ ref('ftr_promotion__effect') }}
    group by promotion_key
),

judged as (
    select
        promotions.promotion_key,
        promotions.promotion_type,
        {%- for count in counts %}
        reach.{{ count }},
        {%- endfor %}
        effects.neighbours,
        {%- for part in parts %}
        {%- for measure in ['sales_effect', 'sales_error', 'margin_effect', 'margin_error'] %}
        effects.{{ part }}_{{ measure }},
        {%- endfor %}
        {%- endfor %}
        {%- for measure in whole %}
        {%- if measure == 'usual_sales_amount' %}
        effects.{{ measure }},
        {%- else %}
        coalesce(effects.{{ measure }}, 0) as {{ measure }},
        {%- endif %}
        {%- endfor %}
        promotions.window_last_date > clock.as_of_date as is_early,
        case
            when promotions.end_date > clock.as_of_date then 'still_running'
            when promotions.promotion_type = 'calendar' and promotions.channel is null
                then 'holds_everywhere'
            when reach.exposed_count < promotions.least_exposed then 'too_few_exposed'
            when coalesce(effects.baseline_weeks, 0) < {{ var('promotion_least_weeks') }}
                then 'short_history'
            when
                reach.comparison_count < promotions.least_comparable
                or reach.measured_count < {{ var('promotion_measured_share') }}
                * reach.exposed_count
                then 'too_few_comparable'
            when effects.incremental_sales_effect is null then 'nothing_sold_before'
        end as reason
    from promotions
    cross join clock
    inner join reach on reach.promotion_key = promotions.promotion_key
    left join effects on effects.promotion_key = promotions.promotion_key
),

final as (
    select
        judged.*,
        case
            when judged.reason is not null then judged.reason
            when
                judged.costed_sales_amount
                < {{ var('promotion_costed_share') }} * judged.measured_sales_amount
                then 'cost_unknown'
        end as margin_reason,
        case
            when judged.reason is not null then judged.reason
            when judged.promotion_type not in ('calendar', 'campaign') then 'not_told_of_placements'
            when judged.neighbours = 0 then 'no_neighbours'
            when judged.cannibalisation_sales_effect is null then 'nothing_sold_before'
        end as cannibalisation_reason,
        case
            when judged.reason is not null then judged.reason
            when judged.is_early then 'too_early'
        end as pull_forward_reason
    from judged
)

select * from final
