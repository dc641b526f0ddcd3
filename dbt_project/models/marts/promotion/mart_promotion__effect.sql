-- grain: one row per promotion that has begun
-- What cannot be told is empty, and the reason stands beside it: never a number. The net effect adds
-- the parts up, its interval their errors: a little wider than need be.
{%- set parts = ['incremental', 'cannibalisation', 'pull_forward'] %}
{%- set money = 'decimal(16, 2)' %}
with clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

standings as (
    select *
    from {{ ref('ftr_promotion__standing') }}
),

promotions as (
    select
        promotion_key,
        promotion_type,
        promotion_id,
        promotion_name,
        mechanism,
        channel,
        category,
        start_date,
        end_date,
        comparison_unit
    from {{ ref('ftr_promotion__promotion') }}
),

told as (
    select
        standings.*,
        {%- for measure in ['effect', 'error'] %}
        case when reason is null then incremental_sales_{{ measure }} end as own_{{ measure }},
        case when cannibalisation_reason is null then cannibalisation_sales_{{ measure }} end
            as neighbour_{{ measure }},
        case when pull_forward_reason is null then pull_forward_sales_{{ measure }} end
            as later_{{ measure }},
        case when margin_reason is null then incremental_margin_{{ measure }} end
            as own_margin_{{ measure }},
        case
            when cannibalisation_reason is null then cannibalisation_margin_{{ measure }}
            when cannibalisation_reason = 'no_neighbours' then 0
        end as neighbour_margin_{{ measure }},
        case when pull_forward_reason is null then pull_forward_margin_{{ measure }} end
            as later_margin_{{ measure }},
        {%- endfor %}
        case
            when cannibalisation_reason <> 'no_neighbours' then cannibalisation_reason
            else pull_forward_reason
        end as net_reason
    from standings
),

added as (
    select
        told.*,
        {%- for measure in ['effect', 'error'] %}
        case
            when net_reason is null
                then own_{{ measure }} + coalesce(neighbour_{{ measure }}, 0) + later_{{ measure }}
        end as net_{{ measure }},
        case
            when net_reason is null
                then own_margin_{{ measure }} + neighbour_margin_{{ measure }}
                    + later_margin_{{ measure }}
        end as net_margin_{{ measure }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from told
),
{%- set shown = {
    'own': 'incremental_sales', 'own_margin': 'incremental_margin',
    'neighbour': 'cannibalisation', 'later': 'pull_forward',
    'net': 'net_sales', 'net_margin': 'net_margin',
} %}

final as (
    select
        promotions.promotion_key,
        promotions.promotion_type,
        promotions.promotion_id,
        promotions.promotion_name,
        promotions.mechanism,
        promotions.channel,
        promotions.category,
        promotions.start_date,
        promotions.end_date,
        added.product_count,
        promotions.comparison_unit,
        added.exposed_count,
        added.measured_count,
        added.comparison_count,
        cast(added.baseline_weeks as integer) as baseline_week_count,
        added.redemption_count,
        added.redeemer_count,
        {{ share_of('added.redeemer_count', 'added.exposed_count') }} as redemption_rate,
        {%- for measure in ['sales', 'discount', 'usual_sales', 'measured_sales'] %}
        cast(added.{{ measure }}_amount as {{ money }}) as {{ measure }}_amount,
        {%- endfor %}
        {%- for part, name in shown.items() %}
        cast(added.{{ part }}_effect as {{ money }}) as {{ name }}_amount,
        cast(added.{{ part }}_effect - added.{{ part }}_error as {{ money }})
            as {{ name }}_low_amount,
        cast(added.{{ part }}_effect + added.{{ part }}_error as {{ money }})
            as {{ name }}_high_amount,
        {%- endfor %}
        added.reason,
        added.margin_reason,
        added.cannibalisation_reason,
        added.pull_forward_reason,
        added.net_reason,
        '{{ var("currency") }}' as currency,
        clock.as_of_date
    from promotions
    inner join added on added.promotion_key = promotions.promotion_key
    cross join clock
)

select * from final
