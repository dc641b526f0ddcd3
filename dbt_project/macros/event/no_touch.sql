{#-
    Contracts whose records name a person and are no touch, each with the reason why. Every other
    contract with a person is told by a model of intermediate/event/; a test holds the two together.
-#}
{% macro contracts_without_touch() %}
    {{
        return({
            'tmall.buyer': 'a list of buyers without a moment; their doings are orders and messages',
            'app.push_token': 'whether an installation can be reached: a state, not a doing',
            'crm.mdm_id': 'masters matched by the back office; the customer took no part',
            'loyalty.points': 'postings that follow from purchases, rewards and rules',
        })
    }}
{% endmacro %}
