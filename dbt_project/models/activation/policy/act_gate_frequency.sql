-- grain: one row per campaign, customer, occasion and channel
-- How many more messages the customer may get on this channel for this purpose today: over every
-- window that ends today, what the cap allows less what was sent. A candidate's own message of this
-- day is counted by its place in today's plan, not here.
with candidates as (
    select
        cnd.campaign_id,
        cnd.customer_key,
        cnd.occasion_key,
        cch.channel,
        cch.purpose
    from {{ ref('act_candidate') }} as cnd
    inner join {{ ref('act_campaign_channel') }} as cch on cch.campaign_id = cnd.campaign_id
),

caps as (
    {{ brand_rows(ref('contact_caps'), key=['channel', 'purpose', 'window_days']) }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

messages as (
    select
        pst.customer_key,
        pst.op_id,
        pst.channel,
        pst.purpose,
        pst.sent_date
    from {{ ref('act_past_message') }} as pst
    left join {{ ref('act_candidate') }} as cnd
        on
            pst.is_own
            and cnd.campaign_id = pst.campaign_id
            and cnd.customer_key = pst.customer_key
            and cnd.occasion_key = pst.occasion_key
    where pst.is_counted and cnd.campaign_id is null
),

windows as (
    select
        candidates.campaign_id,
        candidates.customer_key,
        candidates.occasion_key,
        candidates.channel,
        caps.window_days,
        caps.max_messages - count(messages.op_id) as remaining_count
    from candidates
    inner join caps on caps.channel = candidates.channel and caps.purpose = candidates.purpose
    cross join clock
    left join messages
        on
            messages.customer_key = candidates.customer_key
            and messages.channel = candidates.channel
            and messages.purpose = candidates.purpose
            and {{ days_between('messages.sent_date', 'clock.as_of_date') }} < caps.window_days
    group by
        candidates.campaign_id,
        candidates.customer_key,
        candidates.occasion_key,
        candidates.channel,
        caps.window_days,
        caps.max_messages
),

final as (
    select
        campaign_id,
        customer_key,
        occasion_key,
        channel,
        min(remaining_count) as remaining_count
    from windows
    group by campaign_id, customer_key, occasion_key, channel
)

select * from final
