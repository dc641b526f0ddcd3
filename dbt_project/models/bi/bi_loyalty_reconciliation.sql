-- grain: one row per member id, subject and reference of which two books tell different things
{{ config(alias='loyalty_reconciliation') }}
with differences as (
    select
        difference_key,
        customer_key,
        subject,
        reference,
        stated_date,
        our_points,
        crm_points,
        our_tier,
        crm_tier,
        cause,
        as_of_date
    from {{ ref('mart_loyalty__reconciliation') }}
),

final as (
    select * from differences
)

select * from final
