-- grain: one row per contract, source, record and trait it tells of a customer
with tellers as (
    select
        contract,
        source,
        record_key,
        customer_key
    from {{ ref('int_customer__trait_teller') }}
),

told as (
    {%- for teller in trait_tellers() %}
    {%- set record = identity_records() | selectattr('rule', 'equalto', teller.contract) | first %}
    {%- for trait, expression in teller.traits.items() %}
    select
        '{{ teller.contract }}' as contract,
        source,
        {{ cast_text(record.record_key) }} as record_key,
        '{{ trait }}' as trait,
        {{ expression }} as trait_value,
        {{ teller.told_at }} as told_at,
        loaded_at
    from {{ ref(record.model) }}
    where {{ record.where }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        tellers.customer_key,
        told.contract,
        told.source,
        told.record_key,
        told.trait,
        told.trait_value,
        told.told_at,
        told.loaded_at
    from told
    inner join tellers
        on
            tellers.contract = told.contract
            and tellers.source = told.source
            and tellers.record_key = told.record_key
    where trim(told.trait_value) <> ''
)

select * from final
