-- grain: one row per month, measure of value or potential, and cut
-- The grid on which value and potential become a score of 0 to 1, from the month before: of those
-- who bought within var vap_window_days.
with measures as (
    select
        customer_key,
        measured_date,
        value_amount
    from {{ ref('ftr_customer__vap_measure') }}
    where is_month_end and recency_days < {{ var('vap_window_days') }}
),

potentials as (
    select
        customer_key,
        measured_date,
        potential_amount
    from {{ ref('ftr_customer__potential') }}
    where potential_amount is not null
),

population as (
    select
        {{ add_days('measured_date', '1') }} as valid_from,
        'value' as measure,
        value_amount as measure_value,
        {{ var('vap_grid_bins') }} as bin_count
    from measures
    union all
    select
        {{ add_days('measures.measured_date', '1') }} as valid_from,
        'potential' as measure,
        potentials.potential_amount as measure_value,
        {{ var('vap_grid_bins') }} as bin_count
    from measures
    inner join potentials
        on
            potentials.customer_key = measures.customer_key
            and potentials.measured_date = measures.measured_date
),

cuts as (
    {{ quantile_cuts('population') }}
),

final as (
    select
        valid_from,
        lead(valid_from) over (
            partition by measure, cut_number
            order by valid_from
        ) as valid_to,
        measure,
        cast(cut_number as integer) as cut_number,
        cut_value,
        member_count as customer_count
    from cuts
)

select * from final
