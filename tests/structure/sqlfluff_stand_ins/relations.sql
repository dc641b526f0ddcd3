{#-
    Macros that make a whole query by way of another macro that returns a value: the linter cannot follow those,
    and calls the model unparsable. Each stands here with its arguments and a query in its place. Not here: macros
    that make an expression or a plain query; the linter reads them from dbt_project/macros.
-#}
{% macro day_series(relation, first_day, last_day) %}
    select * from {{ relation }}
{%- endmacro %}

{% macro ranked_identifiers_of(rule, record_key, carry) %}
    select {{ carry | join(', ') }}, identifier_key, namespace from identifiers_of
{%- endmacro %}

{% macro ranked_by_identity(relation, record_key) %}
    select {{ record_key | join(', ') }}, identifier_key, 1 as owner_rank from {{ relation }}
{%- endmacro %}


{#- Two records stand for all: a model that goes over them says the same for each. -#}
{% macro contract_records() %}
    {{
        return([
            {
                'rule': 'crm.member', 'model': 'stg_crm__member', 'record_key': 'member_id_key',
                'day': 'registered_date', 'at': 'registered_at', 'is_clock': true,
                'identifiers': {'member_id': 'member_id_key', 'phone': 'phone_key'},
            },
            {
                'rule': 'store.stock', 'model': 'stg_store__stock', 'record_key': 'record_key',
                'day': 'stock_date', 'at': none, 'is_clock': true, 'identifiers': {},
            },
        ])
    }}
{% endmacro %}
