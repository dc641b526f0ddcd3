{#- What an order may name its buyer by: namespace and column, the same for every channel. -#}
{% macro order_identifiers() %}
    {{
        return({
            'member_id': 'member_id_key',
            'tmall_omid': 'omid_key',
            'phone': 'phone_key',
            'pos_card_id': 'card_id_key',
            'email': 'email_key',
            'wechat_openid': 'openid_key',
            'tmall_ouid': 'ouid_key',
            'cookie_id': 'cookie_id_key',
        })
    }}
{% endmacro %}


{#-
    The select list of what names a buyer: the columns a channel has (`told`; perhaps aggregated),
    empty texts for the rest.
-#}
{% macro order_identifier_columns(told, aggregate='') %}
    {%- set listed = [] -%}
    {%- for column in order_identifiers().values() -%}
        {%- if column not in told -%}
            {%- do listed.append('cast(null as ' ~ type_text() ~ ') as ' ~ column) -%}
        {%- else -%}
            {%- do listed.append(aggregate ~ '(' ~ column ~ ') as ' ~ column) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(listed | join(',\n        ')) }}
{% endmacro %}
