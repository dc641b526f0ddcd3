-- grain: one row per delivery, campaign, candidate, occasion and day
-- The decision log as it was written: every candidate that was ever planned, its outcome and the
-- reason.
{{ config(materialized='view') }}

with final as (
    select
        decision_id,
        run_id,
        delivery,
        campaign_id,
        candidate,
        identifier_key,
        channel,
        occasion_key,
        outcome,
        reason,
        as_of,
        business_at,
        recorded_at
    from {{ source('ops', 'decision') }}
)

select * from final
