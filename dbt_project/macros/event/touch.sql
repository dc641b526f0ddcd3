{#-
    The one shape of a touch, as the models of intermediate/event/ tell it. Here: the select of the
    touches of one contract. Not here: whose a touch is (owner.sql), what its kind means
    (seeds/event_types.csv), which records are no touch (no_touch.sql).
-#}

{#- The columns every touch has, empty where the contract does not tell them. -#}
{% macro touch_columns() %}
    {%- set columns = [
        'contract', 'source', 'source_record', 'event_at', 'event_date', 'has_time_of_day', 'channel',
        'touchpoint', 'event_type', 'campaign_id', 'content_key', 'product_id', 'store_id',
        'value_amount', 'currency', 'message_id', 'link_id', 'voucher_id', 'order_id',
        'identifier_key',
    ] -%}
    {{ return(columns + touch_identifiers().values() | list) }}
{% endmacro %}


{#- The namespaces a touch may name its customer in, and the columns that carry them. -#}
{% macro touch_identifiers() %}
    {%- set columns = {} -%}
    {%- for record in contract_records() -%}
        {%- for namespace in record.identifiers -%}
            {%- do columns.update({namespace: 'named_' ~ namespace}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{#-
    The touches of one contract: a select. `event_type`, `channel` and `touchpoint` are SQL
    expressions; so are the values of `told`, which fills further columns of the shape. `relation`
    stands in for the contract's staging model. `at` is another moment of the record than its first,
    and makes a touch of its own: `part` then tells its name from the first one's. `key` names the
    record where it is not the contract's own. `identifier` is for records whose customer is named
    by something else (an order, a referral).
-#}
{% macro touch(
    contract, event_type, channel, touchpoint, relation=none, at=none, part=none, where='true',
    told={}, key=none, identifier=none
) %}
    {%- set record = contract_records() | selectattr('rule', 'equalto', contract) | first -%}
    {%- set moment = at or told.get('event_at') or record.at -%}
    {%- set day = business_date(at) if at else record.day -%}
    {%- set name = key or record.record_key -%}
    {%- set values = {
        'contract': "'" ~ contract ~ "'",
        'source': 'source',
        'source_record': name ~ (" || '|" ~ part ~ "'" if part else ''),
        'event_at': moment,
        'event_date': day,
        'has_time_of_day': 'true',
        'channel': channel,
        'touchpoint': touchpoint,
        'event_type': event_type,
        'identifier_key': identifier or none,
    } -%}
    {%- do values.update(told) -%}
    {%- if not identifier -%}
        {%- for namespace, column in record.identifiers.items() -%}
            {%- do values.update({touch_identifiers()[namespace]: column}) -%}
        {%- endfor -%}
    {%- endif %}
    select
        {{ shaped_touch(values) }}
    from {{ relation or ref(record.model) }}
    where
        {{ moment }} is not null
        {%- if at %}
        and {{ happened_by_then(day) }}
        {%- endif %}
        {%- if where != 'true' %}
        and {{ where }}
        {%- endif %}
{%- endmacro %}


{#- The select list of a touch: what it tells, empty values of the right type for the rest. -#}
{% macro shaped_touch(values) %}
    {%- set listed = [] -%}
    {%- for column in touch_columns() -%}
        {%- set type = 'decimal(14, 2)' if column == 'value_amount' else type_text() -%}
        {%- set value = values.get(column) or 'cast(null as ' ~ type ~ ')' -%}
        {%- do listed.append(value if value == column else value ~ ' as ' ~ column) -%}
    {%- endfor -%}
    {{- listed | join(',\n        ') -}}
{%- endmacro %}


{#-
    The value of a touch whose record tells money in the currency of its own: the brand's money, or
    nothing. Only orders, refunds and their like are converted (core).
-#}
{% macro own_money(amount, currency='currency') %}
    {{ return(
        'case when coalesce(' ~ currency ~ ", '" ~ var('currency') ~ "') = '" ~ var('currency')
        ~ "' then cast(" ~ amount ~ ' as decimal(14, 2)) end'
    ) }}
{% endmacro %}


{#- A case over a column: told value, then what it becomes; null where it is none of them. -#}
{% macro told_as(column, values) %}
    {%- set branches = [] -%}
    {%- for told, becomes in values.items() -%}
        {%- do branches.append("when '" ~ told ~ "' then '" ~ becomes ~ "'") -%}
    {%- endfor -%}
    {{ return('case ' ~ column ~ ' ' ~ branches | join(' ') ~ ' end') }}
{% endmacro %}
