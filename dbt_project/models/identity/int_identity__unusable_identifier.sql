-- grain: one row per identifier ever seen that may not be used
-- Few are: whoever asks of both ends of every link asks here.
with identifiers as (
    select identifier_key
    from {{ ref('int_identity__identifier') }}
    where not is_usable
),

final as (
    select identifier_key from identifiers
)

select * from final
