-- grain: one row per month and kind of customer (first category, age of the relation, spend), and
-- one per month for all customers, whose kind is empty
-- What such customers were worth in the days that followed (var vap_horizon_days), from horizons
-- that were over before the month. Small kinds are drawn towards the mean of all.
{%- set kind = ['first_category', 'relation_age_band', 'spend_band'] %}
{%- set of_observed = 'observed.' ~ kind | join(',\n        observed.') %}
{%- set of_measures = 'measures.' ~ kind | join(',\n        measures.') %}
{%- set of_kinds = 'kinds.' ~ kind | join(',\n        kinds.') %}
{%- set of_means = 'means.' ~ kind | join(',\n        means.') %}
{%- set prior = var('vap_peer_prior_customers') %}
with measures as (
    select
        customer_key,
        {{ kind | join(',\n        ') }},
        value_so_far_amount,
        {{ add_days('measured_date', var('vap_horizon_days')) }} as horizon_end_date
    from {{ ref('ftr_customer__vap_measure') }}
    where is_month_end
),

month_ends as (
    select
        measured_date as month_end_date,
        {{ add_days('measured_date', '1') }} as valid_from,
        {{ add_days('lead(measured_date) over (order by measured_date)', '1') }} as valid_to
    from {{ ref('ftr_brand__measuring_day') }}
    where is_month_end
),

standings as (
    select
        customer_key,
        valid_from,
        valid_to,
        value_amount
    from {{ ref('ftr_customer__purchase_standing') }}
),

observed as (
    select
        measures.horizon_end_date,
        {{ of_measures }},
        count(*) as observation_count,
        sum(horizon_end.value_amount - measures.value_so_far_amount) as next_value_amount
    from measures
    {{ standing_at('horizon_end', 'measures.customer_key', 'measures.horizon_end_date') }}
    group by
        measures.horizon_end_date,
        {{ of_measures }}
),

kinds as (
    select
        month_ends.month_end_date,
        {{ of_observed }},
        sum(observed.observation_count) as observation_count,
        sum(observed.next_value_amount) as next_value_amount
    from month_ends
    inner join observed on observed.horizon_end_date <= month_ends.month_end_date
    group by
        month_ends.month_end_date,
        {{ of_observed }}
),

everybody as (
    select
        month_end_date,
        sum(observation_count) as observation_count,
        sum(next_value_amount) / sum(observation_count) as mean_value_amount
    from kinds
    group by month_end_date
),

means as (
    select
        kinds.month_end_date,
        {{ of_kinds }},
        kinds.observation_count,
        (kinds.next_value_amount + {{ prior }} * everybody.mean_value_amount)
        / (kinds.observation_count + {{ prior }}) as next_value_amount
    from kinds
    inner join everybody on everybody.month_end_date = kinds.month_end_date
    union all
    select
        month_end_date,
        null as first_category,
        null as relation_age_band,
        null as spend_band,
        observation_count,
        mean_value_amount as next_value_amount
    from everybody
),

final as (
    select
        month_ends.valid_from,
        month_ends.valid_to,
        {{ of_means }},
        cast(means.observation_count as bigint) as observation_count,
        cast(means.next_value_amount as decimal(16, 2)) as next_value_amount
    from means
    inner join month_ends on month_ends.month_end_date = means.month_end_date
)

select * from final
