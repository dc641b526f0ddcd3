{#-
    What the rules of seeds/customer_tags.csv may ask for, and the check that they ask for nothing
    else. `levels` change by what happens and are columns of ftr_customer__fact_day; `counters` grow
    by one a day from a date, which is a column of ftr_customer__purchase_cycle.
    A new fact is a column there and a word here.
-#}
{% macro tag_facts() %}
    {{
        return({
            'levels': [
                'order_count', 'net_sales_amount', 'discounted_share', 'channel_count',
                'category_count', 'campaign_received_count', 'voucher_redeemed_count',
            ],
            'counters': {
                'recency_days': 'last_order_date',
                'days_overdue': 'next_expected_order_date',
            },
        })
    }}
{% endmacro %}


{#- What is wrong with one row of the seed, in words; empty when nothing is. -#}
{% macro fault_of_tag(rule) %}
    {%- set facts = tag_facts() -%}
    {%- set known = facts.levels + (facts.counters | list) -%}
    {%- if rule.fact not in known -%}
        {{ return("nobody tells the fact '" ~ rule.fact ~ "'. Use one of " ~ known | join(', ')) }}
    {%- elif rule.comparison not in ['at_least', 'at_most', 'equals'] -%}
        {{ return("'" ~ rule.comparison ~ "' is no comparison. Use at_least, at_most or equals") }}
    {%- elif rule.fact in facts.counters and rule.comparison != 'at_least' -%}
        {{
            return(rule.fact ~ ' grows by itself: compare it by at_least, or say how long the tag '
                ~ 'holds after a purchase (order_count, valid_for_days)')
        }}
    {%- elif rule.threshold | float('') == '' -%}
        {{ return("the threshold '" ~ rule.threshold ~ "' is no number") }}
    {%- endif -%}
    {{ return('') }}
{% endmacro %}


{#- Stops the build at rules that nobody can judge, all of them named at once. -#}
{% macro refuse_faulty_tags(rules) %}
    {%- if execute -%}
        {%- set columns = 'brand, tag, fact, comparison, threshold' -%}
        {%- set faults = [] -%}
        {%- for rule in run_query('select ' ~ columns ~ ' from ' ~ rules ~ ' order by brand, tag') -%}
            {%- set fault = fault_of_tag(rule) -%}
            {%- if fault -%}
                {%- do faults.append('brand ' ~ rule.brand ~ ', tag ' ~ rule.tag ~ ': ' ~ fault) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if faults -%}
            {{
                exceptions.raise_compiler_error(
                    'seeds/customer_tags.csv, ' ~ faults | join('; ') ~ '. Correct the seed and '
                    ~ 'build again.'
                )
            }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
