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
        comparison_unit,
        channel,
        end_date,
        window_last_date
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
        max(case when product_role = 'neighbour' then 1 else 0 end) as neighbours,
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
            as {{ measure }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
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
        coalesce(effects.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        promotions.window_last_date > clock.as_of_date as is_early,
        case
            when promotions.end_date > clock.as_of_date then 'still_running'
            when promotions.promotion_type = 'calendar' and promotions.channel is null
                then 'holds_everywhere'
            when reach.exposed_count < case
                when promotions.comparison_unit = 'customer'
                    then {{ var('promotion_least_customers') }}
                else 1
            end
                then 'too_few_exposed'
            when effects.baseline_weeks < {{ var('promotion_least_weeks') }} then 'short_history'
            when
                reach.measured_count < {{ var('promotion_measured_share') }} * reach.exposed_count
                or reach.comparison_count < case
                    when promotions.comparison_unit = 'customer'
                        then {{ var('promotion_least_customers') }}
                    else {{ var('promotion_least_places') }}
                end
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
            when reason is not null then reason
            when costed_sales_amount < {{ var('promotion_costed_share') }} * measured_sales_amount
                then 'cost_unknown'
        end as margin_reason,
        case
            when reason is not null then reason
            when promotion_type not in ('calendar', 'campaign') then 'not_told_of_placements'
            when neighbours = 0 then 'no_neighbours'
            when cannibalisation_sales_effect is null then 'nothing_sold_before'
        end as cannibalisation_reason,
        case
            when reason is not null then reason
            when is_early then 'too_early'
        end as pull_forward_reason
    from judged
)

select * from final
