{#-
    The values that cut a population into bins of equal size, between two members where the cut falls
    between them: the quantile of R's type 7, numpy's and percentile_cont's, for a number of bins that
    is data. `population`: valid_from, measure, measure_value, bin_count (at most 20). The weights of
    the two members are whole numbers, so that nothing is rounded before the last step.
-#}
{% macro quantile_cuts(population) %}
    select
        valid_from,
        measure,
        bin_count,
        cut_number,
        member_count,
        cast(
            sum(measure_value * (bin_count - abs(place * bin_count - span * cut_number)))
            / bin_count as decimal(18, 4)
        ) as cut_value
    from (
        select
            valid_from,
            measure,
            measure_value,
            bin_count,
            row_number() over (
                partition by valid_from, measure
                order by measure_value
            ) - 1 as place,
            count(*) over (partition by valid_from, measure) as member_count,
            count(*) over (partition by valid_from, measure) - 1 as span
        from {{ population }}
    ) as placed
    cross join (
        {%- for number in range(1, 20) %}
        select {{ number }} as cut_number{{ '' if loop.last else ' union all' }}
        {%- endfor %}
    ) as numbers
    where
        cut_number < bin_count
        and abs(place * bin_count - span * cut_number) < bin_count
    group by valid_from, measure, bin_count, cut_number, member_count
{%- endmacro %}
