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
