-- grain: one row per campaign, customer and occasion
-- Every candidate with one outcome and one reason. Who may be written to on a channel stands in
-- line: whose message of today is written already, then by priority; the line ends where the caps
-- do. Of several channels the first that is open is taken.
with candidate_channels as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        channel,
        purpose,
        content_key,
        channel_rank,
        priority,
        valid_for_days,
        identifier_key,
        has_own_message,
        reason,
        payload
    from {{ ref('act_candidate_channel') }}
),

allowances as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        channel,
        remaining_count
    from {{ ref('act_gate_frequency') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

lined_up as (
    select
        *,
        row_number() over (
            partition by customer_key, channel, purpose, reason
            order by
                case when has_own_message then 0 else 1 end,
                priority,
                campaign_id,
                occasion_key
        ) as place_in_line
    from candidate_channels
),

capped as (
    select
        lined_up.*,
        case
            when lined_up.reason is not null then lined_up.reason
            when allowances.remaining_count < lined_up.place_in_line then 'frequency_cap'
        end as final_reason
    from lined_up
    left join allowances
        on
            allowances.campaign_id = lined_up.campaign_id
            and allowances.customer_key = lined_up.customer_key
            and allowances.occasion_key = lined_up.occasion_key
            and allowances.channel = lined_up.channel
),

chosen as (
    select
        *,
        row_number() over (
            partition by campaign_id, customer_key, occasion_key
            order by
                case when has_own_message then 0 else 1 end,
                case when final_reason is null then 0 else 1 end,
                channel_rank
        ) as choice
    from capped
),

final as (
    select
        chosen.campaign_id,
        chosen.customer_key,
        chosen.occasion_key,
        clock.as_of_date as as_of,
        case when chosen.final_reason is null then 'send' else 'suppressed' end as outcome,
        coalesce(chosen.final_reason, 'planned') as reason,
        chosen.channel,
        chosen.identifier_key,
        chosen.purpose,
        chosen.content_key,
        chosen.priority,
        chosen.valid_for_days,
        chosen.payload
    from chosen
    cross join clock
    where chosen.choice = 1
)

select * from final
