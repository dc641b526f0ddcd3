{#-
    Whose event? The rule (DESIGN: an event belongs to its usable identifier of highest priority, a
    weak one only within its interval), as one text that sorts: the least one wins. A usable strong
    identifier comes first, then a device that was somebody's at that moment, then one that founded
    an anonymous customer; among equals by namespace priority, then key.

    `judged` is a relation of int_identity__customer_identifier that holds the identifier at the
    moment of the event, or nothing where none does.
-#}
{% macro owner_order(judged, key) %}
    {{ return(
        "case when not coalesce(" ~ judged ~ ".is_usable, false) then '3' when " ~ judged
        ~ ".is_strong then '0' when " ~ judged ~ ".assigned_to_key is not null then '1' else '2' end"
        ~ " || lpad(coalesce(" ~ cast_text(judged ~ '.priority') ~ ", '999999'), 6, '0') || " ~ key
    ) }}
{% endmacro %}

{#- Signs of an owner's order before its identifier. -#}
{% macro owner_order_width() %}{{ return(7) }}{% endmacro %}


{#-
    Joins what is known of each identifier of a touch at its moment, once a namespace: each join
    reads the identifiers of its namespace alone.
-#}
{% macro joined_owners(touches) %}
    {%- for namespace, column in touch_identifiers().items() %}
    left join (
        select
            judged.identifier_key,
            judged.customer_key,
            judged.valid_from,
            judged.valid_to,
            {{ owner_order('judged', 'judged.identifier_key') }} as owner_order
        from {{ ref('int_identity__customer_identifier') }} as judged
        where judged.namespace = '{{ namespace }}'
    ) as owner_{{ column }}
        on
            owner_{{ column }}.identifier_key = {{ touches }}.{{ column }}
            and {{ held_at('owner_' ~ column, touches ~ '.event_at') }}
    {%- endfor %}
{%- endmacro %}


{#- The order of each identifier that a touch carries; one that nothing is known of comes last. -#}
{% macro owner_orders(touches) %}
    {%- set orders = [] -%}
    {%- for column in touch_identifiers().values() -%}
        {%- do orders.append(
            'coalesce(owner_' ~ column ~ ".owner_order, '3999999' || " ~ touches ~ '.' ~ column ~ ')'
        ) -%}
    {%- endfor -%}
    {{ return(orders) }}
{% endmacro %}
