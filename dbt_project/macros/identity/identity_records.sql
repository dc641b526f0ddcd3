{#-
    Which records name a customer, by which identifiers, and when: the one list that identity is
    computed from. It is the contracts' own (contract_records), but for those whose evidence is read
    from another model, and those of which only some records are evidence. `day` and `at` are
    columns of the model; a record without a day is undated evidence (var undated_at), one with a
    day alone counts from that day's beginning. `unit`: the columns of raw that bring together the
    records which one piece of evidence is told from; `told_with`: raw tables beside the record's own
    that have a say in it; `merged_by`: where a unit's day is found, if several records make one.
-#}
{% macro identity_records() %}
    {%- set told_by = {
        'pos.order_line': {
            'model': 'int_order__basket',
            'unit': ['order_id'],
            'merged_by': [('stg_pos__order_line', 'order_date'), ('int_order__basket', 'order_date')],
        },
        'campaign.target': {
            'model': 'int_campaign__delivery',
            'day': 'delivered_date',
            'unit': ['campaign_id'],
            'told_with': ['raw_campaign__campaign'],
            'merged_by': [('int_campaign__delivery', 'delivered_date')],
        },
    } -%}
    {%- set evidence_when = {
        'pos.order_line': "contract = 'pos.order_line'",
        'tmall.member_binding': "status = 'bind'",
        'partner.record': "consent_basis <> 'aggregate_only'",
    } -%}
    {%- set logout_when = {
        'app.event': "event_name = 'logout'",
        'miniprogram.event': "event_name = 'logout'",
        'web.event': "event_name = 'logout'",
    } -%}
    {%- set records = [] -%}
    {%- for record in contract_records() if record.identifiers -%}
        {%- set one = record.copy() -%}
        {%- do one.update({'unit': record.key, 'told_with': [], 'merged_by': []}) -%}
        {%- do one.update(told_by.get(record.rule, {})) -%}
        {%- do one.update({
            'where': evidence_when.get(record.rule, 'true'),
            'logout_when': logout_when.get(record.rule),
        }) -%}
        {%- do records.append(one) -%}
    {%- endfor -%}
    {{ return(records) }}
{% endmacro %}


{#- Records that take back what earlier ones of their rule said of the same identifiers. -#}
{% macro identity_withdrawals() %}
    {%- set withdrawn_when = {'tmall.member_binding': "status = 'unbind'"} -%}
    {%- set records = [] -%}
    {%- for record in identity_records() if record.rule in withdrawn_when -%}
        {%- set one = record.copy() -%}
        {%- do one.update({'where': withdrawn_when[record.rule]}) -%}
        {%- do records.append(one) -%}
    {%- endfor -%}
    {{ return(records) }}
{% endmacro %}


{#- The business day of a record's evidence, of the relation if one is named. -#}
{% macro evidence_date(record, relation='') %}
    {%- set day = (relation ~ '.' if relation else '') ~ record.day if record.day else 'null' -%}
    {{ return('coalesce(' ~ day ~ ', ' ~ undated_date() ~ ')') }}
{% endmacro %}

{#- The moment of a record's evidence. -#}
{% macro evidence_at(record) %}
    {%- set from_day = day_start(evidence_date(record)) -%}
    {{ return('coalesce(' ~ record.at ~ ', ' ~ from_day ~ ')' if record.at else from_day) }}
{% endmacro %}


{#- Every pair of identifier columns that a record may carry both of. -#}
{% macro identifier_pairs(records) %}
    {%- set pairs = [] -%}
    {%- for record in records -%}
        {%- set columns = record.identifiers.items() | list -%}
        {%- for one_namespace, one_column in columns -%}
            {%- for other_namespace, other_column in columns[loop.index:] -%}
                {%- do pairs.append({
                    'record': record,
                    'one_namespace': one_namespace, 'one_column': one_column,
                    'other_namespace': other_namespace, 'other_column': other_column,
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(pairs) }}
{% endmacro %}


{#-
    The pairs of identifiers on records, a row each time a record carries both: one_key,
    one_namespace, other_key, other_namespace, rule, evidence_date, seen_at. `where` gets the two
    namespaces of a branch as texts, and gives a condition on them: it is asked once, and a branch
    that cannot hold is not read. `touched`: where identity is restated, pairs of which `both`
    identifiers are touched, or `either` one.
-#}
{% macro paired_records(records, where=none, touched=none) %}
    {%- for pair in identifier_pairs(records) %}
    select
        {{ pair.one_column }} as one_key,
        '{{ pair.one_namespace }}' as one_namespace,
        {{ pair.other_column }} as other_key,
        '{{ pair.other_namespace }}' as other_namespace,
        '{{ pair.record.rule }}' as rule,
        {{ evidence_date(pair.record) }} as evidence_date,
        {{ evidence_at(pair.record) }} as seen_at
    from {{ ref(pair.record.model) }}
    where
        {{ pair.one_column }} is not null
        and {{ pair.other_column }} is not null
        and {{ pair.record.where }}
        {%- if where %}
        and {{ where(pair.one_namespace, pair.other_namespace) }}
        {%- endif %}
        {%- if touched %}
        and (
            {{ is_touched(pair.one_column) }}
            {{ 'and' if touched == 'both' else 'or' }} {{ is_touched(pair.other_column) }}
        )
        {%- endif %}
    {%- if not loop.last %}

    union all
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{#- Whether a namespace is strong; null where it is not listed. Reads a relation `namespaces`. -#}
{% macro is_strong(namespace) %}
    {{- return("(select is_strong from namespaces where namespace = '" ~ namespace ~ "')") -}}
{% endmacro %}

{% macro both_are_strong(one_namespace, other_namespace) %}
    {{- return(is_strong(one_namespace) ~ ' and ' ~ is_strong(other_namespace)) -}}
{% endmacro %}

{% macro one_is_strong(one_namespace, other_namespace) %}
    {{- return(is_strong(one_namespace) ~ ' <> ' ~ is_strong(other_namespace)) -}}
{% endmacro %}


{#-
    The identifiers on each record of one rule, one row each: the columns `carry` of the record's
    model, and identifier_key, namespace.
-#}
{% macro identifiers_of(rule, carry) %}
    {%- set record = identity_records() | selectattr('rule', 'equalto', rule) | first -%}
    {%- for namespace, column in record.identifiers.items() %}
    select
        {{ carry | join(', ') }},
        {{ column }} as identifier_key,
        '{{ namespace }}' as namespace
    from {{ ref(record.model) }}
    where {{ column }} is not null and {{ record.where }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{#-
    As identifiers_of, with `owner_rank`: 1 is the identifier the record belongs to. `record_key`
    names the columns that make a record, `at` the one that says when it happened.
-#}
{% macro ranked_identifiers_of(rule, record_key, carry, at) %}
    {{- ranked_by_identity('(' ~ identifiers_of(rule, carry) ~ ')', record_key, at) }}
{%- endmacro %}


{#-
    Rows of records and their identifiers, with `owner_rank`: 1 is the identifier the record belongs
    to (macro owner_order says which).
-#}
{% macro ranked_by_identity(relation, record_key, at) %}
    select
        named.*,
        row_number() over (
            partition by {{ record_key | join(', ') }}
            order by {{ owner_order('judged', 'named.identifier_key') }}
        ) as owner_rank
    from {{ relation }} as named
    left join {{ ref('int_identity__customer_identifier') }} as judged
        on
            judged.identifier_key = named.identifier_key
            and {{ held_at('judged', 'named.' ~ at) }}
{%- endmacro %}


{#- Whether an interval of a relation holds a moment. -#}
{% macro held_at(relation, at) %}
    {{- return(
        relation ~ '.valid_from <= ' ~ at ~ ' and (' ~ relation ~ '.valid_to is null or '
        ~ at ~ ' < ' ~ relation ~ '.valid_to)'
    ) -}}
{% endmacro %}
