{#-
    Macros that make a whole query by way of another macro that returns a value: the linter cannot follow those,
    and calls the model unparsable. Each stands here with its arguments and a query in its place. Not here: macros
    that make an expression or a plain query; the linter reads them from dbt_project/macros.
-#}
{% macro day_series(relation, first_day, last_day) %}
    select * from {{ relation }}
{%- endmacro %}

{% macro ranked_identifiers_of(rule, record_key, carry, at) %}
    select {{ carry | join(', ') }}, identifier_key, namespace from identifiers_of
{%- endmacro %}

{% macro ranked_by_identity(relation, record_key, at) %}
    select {{ record_key | join(', ') }}, identifier_key, 1 as owner_rank from {{ relation }}
{%- endmacro %}

{% macro paired_records(records, where=none, touched=none) %}
    select one_key, one_namespace, other_key, other_namespace, rule, evidence_date, seen_at
    from {{ 'namespaces' if where else 'paired_records' }}
{%- endmacro %}


{% macro newly_told(record, name) %}
    {{ name }} as (
        select identifier_key from {{ record.model }}
    )
{%- endmacro %}

{% macro standing(name) %}{{ name }}{% endmacro %}

{% macro is_touched(key, touched_by='', is_restated=none) %}{{ key }} is not null{% endmacro %}

{% macro restates() %}{{ true }}{% endmacro %}

{% macro known_since(at) %}{{ at }} is not null{% endmacro %}

{% macro happened_since(day) %}{{ day }} is not null{% endmacro %}


{#- Some records stand for all: a model that goes over them says the same for each. -#}
{% macro contract_records() %}
    {{
        return([
            {
                'rule': 'crm.member', 'model': 'stg_crm__member', 'record_key': 'member_id_key',
                'day': 'registered_date', 'at': 'registered_at', 'is_clock': true,
                'identifiers': {'member_id': 'member_id_key', 'phone': 'phone_key'},
            },
            {
                'rule': 'tmall.member_binding', 'model': 'stg_tmall__member_binding',
                'record_key': 'record_key', 'day': 'bound_date', 'at': 'bound_at', 'is_clock': false,
                'identifiers': {'tmall_ouid': 'ouid_key', 'member_id': 'member_id_key'},
            },
            {
                'rule': 'web.event', 'model': 'stg_web__event', 'record_key': 'record_key',
                'day': 'event_date', 'at': 'event_at', 'is_clock': true,
                'identifiers': {'cookie_id': 'cookie_id_key', 'member_id': 'member_id_key'},
            },
            {
                'rule': 'store.stock', 'model': 'stg_store__stock', 'record_key': 'record_key',
                'day': 'stock_date', 'at': none, 'is_clock': true, 'identifiers': {},
            },
        ])
    }}
{% endmacro %}

{% macro trait_tellers() %}
    {{
        return([
            {'contract': 'crm.member', 'told_at': 'loaded_at', 'traits': {'gender': 'gender'}},
            {'contract': 'web.event', 'told_at': 'event_at', 'traits': {'language': 'language'}},
        ])
    }}
{% endmacro %}


{% macro touch(
    contract, event_type, channel, touchpoint, relation=none, at=none, part=none, where='true',
    told={}, key=none, identifier=none
) %}
    select
        source,
        {{ event_type }} as event_type,
        {{ channel }} as channel,
        {{ touchpoint }} as touchpoint
    from {{ relation or 'landed' }}
{%- endmacro %}

{% macro told_as(column, values) %}{{ column }}{% endmacro %}

{% macro own_money(amount, currency='currency') %}{{ amount }}{% endmacro %}

{% macro joined_owners(touches) %}
    {%- for column in touch_identifiers().values() %}
    left join landed as owner_{{ column }}
        on owner_{{ column }}.identifier_key = {{ touches }}.{{ column }}
    {%- endfor %}
{%- endmacro %}
