-- grain: one row per campaign, customer and occasion
-- Whether earlier days already used this occasion, the one chance of a campaign without re-entry,
-- or the campaign's silence after a message. The candidate's own message of this day forbids
-- nothing: building the day again gives the same plan.
with candidates as (
    select
        campaign_id,
        customer_key,
        occasion_key
    from {{ ref('act_candidate') }}
),

campaigns as (
    select distinct
        campaign_id,
        re_entry,
        cool_down_days
    from {{ ref('act_campaign_channel') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

earlier as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        sent_date
    from {{ ref('act_past_message') }}
    where is_counted and not is_own
),

final as (
    select
        candidates.campaign_id,
        candidates.customer_key,
        candidates.occasion_key,
        count(
            case
                when earlier.occasion_key = candidates.occasion_key or campaigns.re_entry = 'never'
                    then 1
            end
        ) > 0 as is_used,
        count(
            case
                when
                    {{ days_between('earlier.sent_date', 'clock.as_of_date') }}
                    < campaigns.cool_down_days
                    then 1
            end
        ) > 0 as is_cooling_down
    from candidates
    inner join campaigns on campaigns.campaign_id = candidates.campaign_id
    cross join clock
    left join earlier
        on
            earlier.campaign_id = candidates.campaign_id
            and earlier.customer_key = candidates.customer_key
    group by candidates.campaign_id, candidates.customer_key, candidates.occasion_key
)

select * from final
