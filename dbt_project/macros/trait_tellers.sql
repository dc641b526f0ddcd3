{#-
    The records that tell traits of a customer: the contract, what dates the telling where anything
    does (else the landing orders it), and the expression of each trait. Whom to believe is no matter of code: seeds/trait_rules.csv.
    A recipient, a member of the household or a person in a note is not the customer: their columns
    are not here.
-#}
{% macro trait_tellers() %}
    {%- set undated = 'cast(null as ' ~ type_moment() ~ ')' -%}
    {%- set member = {} -%}
    {%- for trait in [
        'full_name_key', 'gender', 'age_band', 'education', 'income_band', 'home_ownership',
        'marital_status', 'household_size', 'household_composition', 'children_count', 'home_city',
        'home_province', 'skin_type', 'time_zone',
    ] -%}
        {%- do member.update({trait: trait}) -%}
    {%- endfor -%}
    {%- do member.update({
        'birthday': cast_text('birthday'),
        'is_lunar_birthday': "case when birthday is not null then "
            ~ cast_text('coalesce(is_lunar_birthday, false)') ~ ' end',
    }) -%}
    {{
        return([
            {'contract': 'crm.member', 'told_at': undated, 'traits': member},
            {
                'contract': 'lead.lead',
                'told_at': 'created_at',
                'traits': {'full_name_key': 'full_name_key'},
            },
            {
                'contract': 'tmall.buyer',
                'told_at': undated,
                'traits': {'home_city': 'buyer_city', 'home_province': 'buyer_province'},
            },
            {
                'contract': 'wechat.follower',
                'told_at': 'fetched_at',
                'traits': {'language': 'language'},
            },
        ])
    }}
{% endmacro %}


{#- A trait that means nothing without the one it was told with. -#}
{% macro trait_companions() %}
    {{ return({'home_province': 'home_city', 'is_lunar_birthday': 'birthday'}) }}
{% endmacro %}
