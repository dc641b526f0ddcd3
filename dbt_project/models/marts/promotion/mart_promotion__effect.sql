-- grain: one row per promotion that has begun
-- What cannot be told is empty, and the reason stands beside it: never a number. The net effect
-- adds the parts up, its interval their errors: a little wider than need be.
{%- set parts = {
    'incremental_sales': 'reason', 'incremental_margin': 'margin_reason',
    'cannibalisation_sales': 'cannibalisation_reason',
    'cannibalisation_margin': 'cannibalisation_reason',
    'pull_forward_sales': 'pull_forward_reason', 'pull_forward_margin': 'pull_forward_reason',
} %}
{%- set shown = {
    'incremental_sales': 'incremental_sales', 'incremental_margin': 'incremental_margin',
    'cannibalisation_sales': 'cannibalisation', 'pull_forward_sales': 'pull_forward',
    'net_sales': 'net_sales', 'net_margin': 'net_margin',
} %}
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
        {%- for part, reason in parts.items() %}
        {%- for measure in ['effect', 'error'] %}
        case when standings.{{ reason }} is null then standings.{{ part }}_{{ measure }} end
            as told_{{ part }}_{{ measure }},
        {%- endfor %}
        {%- endfor %}
        case
            when standings.cannibalisation_reason <> 'no_neighbours'
                then standings.cannibalisation_reason
            else standings.pull_forward_reason
        end as net_reason,
        standings.*
    from standings
),

added as (
    select
        {%- for part in ['sales', 'margin'] %}
        {%- for measure in ['effect', 'error'] %}
        case
            when told.net_reason is null
                then
                    told.told_incremental_{{ part }}_{{ measure }}
                    + coalesce(told.told_cannibalisation_{{ part }}_{{ measure }}, 0)
                    + told.told_pull_forward_{{ part }}_{{ measure }}
        end as told_net_{{ part }}_{{ measure }},
        {%- endfor %}
        {%- endfor %}
        told.*
    from told
),

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
        cast(added.told_{{ part }}_effect as {{ money }}) as {{ name }}_amount,
        cast(added.told_{{ part }}_effect - added.told_{{ part }}_error as {{ money }})
            as {{ name }}_low_amount,
        cast(added.told_{{ part }}_effect + added.told_{{ part }}_error as {{ money }})
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
