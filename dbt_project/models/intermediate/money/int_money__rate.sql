-- grain: one row per foreign currency and first day of a rate into the brand's currency
with rates as (
    {{ brand_rows(ref('currency_rates'), key=['from_currency', 'to_currency', 'valid_from']) }}
),

final as (
    select
        from_currency,
        valid_from,
        lead(valid_from) over (partition by from_currency order by valid_from) as valid_to,
        rate
    from rates
    where to_currency = '{{ var("currency") }}' and from_currency <> to_currency
)

select * from final
