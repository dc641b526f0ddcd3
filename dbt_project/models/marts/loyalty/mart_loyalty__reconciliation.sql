-- grain: one row per member id, subject and reference of which two books tell different things
with differences as (
    select
        identifier_key,
        customer_key,
        subject,
        reference,
        stated_date,
        our_points,
        crm_points,
        our_tier,
        crm_tier,
        cause
    from {{ ref('ftr_member__difference') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

final as (
    select
        {{
            stable_hash([
                'differences.identifier_key', 'differences.subject', 'differences.reference',
            ])
        }} as difference_key,
        differences.identifier_key,
        coalesce(differences.customer_key, {{ unidentified() }}) as customer_key,
        differences.subject,
        differences.reference,
        differences.stated_date,
        differences.our_points,
        differences.crm_points,
        differences.our_tier,
        differences.crm_tier,
        differences.cause,
        clock.as_of_date
    from differences
    cross join clock
)

select * from final
