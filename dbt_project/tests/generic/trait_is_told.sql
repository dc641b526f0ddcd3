{#- Every rule is about a trait that its contract tells (macros/trait_tellers.sql). -#}
{% test trait_is_told(model) %}
select
    brand,
    trait,
    contract
from {{ model }}
where not (
    {%- for teller in trait_tellers() %}
    (contract = '{{ teller.contract }}' and trait in ('{{ teller.traits | join("', '") }}'))
    {{- '' if loop.last else ' or' }}
    {%- endfor %}
)
{% endtest %}
