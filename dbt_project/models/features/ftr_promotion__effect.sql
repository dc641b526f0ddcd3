-- grain: one row per promotion, product role and span: its own days, or the weeks after
-- Difference in differences: by how much the exposed sold more than the comparison, less what that
-- was on average in the weeks before. How far these strayed from their average is the error; where
-- the span is busier than they were, it grows with the business. Places are of unequal size: the
-- comparison is scaled to what the exposed sold before; customers are weighed alike already.
with promotions as (
    select
        promotion_key,
        comparison_unit
    from {{ ref('ftr_promotion__promotion') }}
),

roles as (
    select distinct
        promotion_key,
        product_role
    from {{ ref('ftr_promotion__product') }}
),

sums as (
    select
        promotion_key,
        product_role,
        week_number,
        sum(case when arm <> 'comparison' then sales_amount end) as exposed_sales,
        sum(case when arm <> 'comparison' then discount_amount end) as exposed_discount,
        sum(case when arm = 'exposed' then sales_amount end) as measured_sales,
        sum(case when arm = 'exposed' then costed_sales_amount end) as costed_sales,
        sum(case when arm = 'exposed' then margin_amount end) as measured_margin,
        sum(case when arm = 'comparison' then weight * sales_amount end) as compared_sales,
        sum(case when arm = 'comparison' then weight * margin_amount end) as compared_margin
    from {{ ref('ftr_promotion__sale') }}
    group by promotion_key, product_role, week_number
),

weeks as (
    select
        weeks.promotion_key,
        roles.product_role,
        promotions.comparison_unit,
        weeks.week_number,
        {%- for measure in [
            'exposed_sales', 'exposed_discount', 'measured_sales', 'costed_sales',
            'measured_margin', 'compared_sales', 'compared_margin',
        ] %}
        coalesce(sums.{{ measure }}, 0) as {{ measure }},
        {%- endfor %}
        weeks.day_count / 7.0 as span_weeks
    from {{ ref('ftr_promotion__week') }} as weeks
    inner join promotions on promotions.promotion_key = weeks.promotion_key
    inner join roles on roles.promotion_key = weeks.promotion_key
    left join sums
        on
            sums.promotion_key = weeks.promotion_key
            and sums.product_role = roles.product_role
            and sums.week_number = weeks.week_number
),

scales as (
    select
        promotion_key,
        product_role,
        count(*) as baseline_weeks,
        avg(exposed_sales) as usual_sales,
        avg(measured_sales) as usual_measured_sales,
        avg(compared_sales) as usual_compared_sales,
        case
            when min(comparison_unit) = 'customer' then 1
            else sum(measured_sales) / nullif(sum(compared_sales), 0)
        end as scale
    from weeks
    where week_number < 0
    group by promotion_key, product_role
),

differences as (
    select
        weeks.*,
        weeks.measured_sales - scales.scale * weeks.compared_sales as sales_difference,
        weeks.measured_margin - scales.scale * weeks.compared_margin as margin_difference,
        scales.baseline_weeks,
        scales.usual_sales,
        scales.usual_measured_sales,
        weeks.span_weeks * greatest(
            1,
            coalesce(
                weeks.compared_sales / (weeks.span_weeks * nullif(scales.usual_compared_sales, 0)),
                1
            )
        ) as error_weeks
    from weeks
    left join scales
        on
            scales.promotion_key = weeks.promotion_key
            and scales.product_role = weeks.product_role
),

baselines as (
    select
        promotion_key,
        product_role,
        avg(sales_difference) as sales_mean,
        stddev_samp(sales_difference) as sales_spread,
        avg(margin_difference) as margin_mean,
        stddev_samp(margin_difference) as margin_spread
    from differences
    where week_number < 0
    group by promotion_key, product_role
),

{%- set freedom = 'greatest(differences.baseline_weeks - 1, 3)' %}
{%- set weeks = 'differences.error_weeks' %}
{%- set both = weeks ~ ' + ' ~ weeks ~ ' * ' ~ weeks ~ ' / differences.baseline_weeks' %}
{%- set reach = student_t(var('promotion_interval_z'), freedom) ~ ' * sqrt(' ~ both ~ ')' %}
{%- set mean = 'baselines.{0}_mean * differences.span_weeks' %}
{%- set amounts = {
    'usual_sales_amount': 'differences.usual_sales * differences.span_weeks',
    'sales_effect_amount': 'differences.sales_difference - ' ~ mean.format('sales'),
    'sales_error_amount': 'baselines.sales_spread * ' ~ reach,
    'margin_effect_amount': 'differences.margin_difference - ' ~ mean.format('margin'),
    'margin_error_amount': 'baselines.margin_spread * ' ~ reach,
} %}

final as (
    select
        differences.promotion_key,
        differences.product_role,
        case when differences.week_number = 0 then 'during' else 'after' end as span,
        coalesce(differences.baseline_weeks, 0) as baseline_weeks,
        cast(differences.exposed_sales as decimal(18, 2)) as sales_amount,
        cast(differences.exposed_discount as decimal(18, 2)) as discount_amount,
        cast(differences.measured_sales as decimal(18, 2)) as measured_sales_amount,
        cast(differences.costed_sales as decimal(18, 2)) as costed_sales_amount,
        {%- for name, value in amounts.items() %}
        cast({{ value }} as decimal(18, 4)) as {{ name }},
        {%- endfor %}
        coalesce(differences.usual_measured_sales > 0 and baselines.sales_spread > 0, false)
            as is_measurable
    from differences
    left join baselines
        on
            baselines.promotion_key = differences.promotion_key
            and baselines.product_role = differences.product_role
    where differences.week_number >= 0
)

select * from final
