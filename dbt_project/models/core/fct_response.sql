-- grain: one row per touch of a customer that answered a message
-- One message an answer, of the same customer and before it (seeds/response_rules.csv): one that
-- the answer names by its id, link, voucher or campaign, else the latest within the rule's hours.
{%- set shared = {
    'message': 'messages.message_name = answers.message_id'
    ~ ' and messages.channel = answers.channel',
    'link': 'messages.message_name = answers.linked_name'
    ~ ' and messages.channel = answers.linked_channel',
    'voucher': 'messages.voucher_id = answers.voucher_id',
    'campaign': 'messages.campaign_id = answers.campaign_id',
    'nothing': 'messages.customer_key is not null',
} %}
with events as (
    select
        event_id,
        customer_key,
        event_at,
        channel,
        event_type,
        direction,
        campaign_id,
        message_id,
        link_id,
        voucher_id
    from {{ ref('fct_event') }}
    where customer_key <> {{ unidentified() }}
),

rules as (
    {{ brand_rows(ref('response_rules'), key=['answer_type', 'matched_by']) }}
),

messages as (
    select
        customer_key,
        channel,
        message_name,
        event_id,
        event_at,
        campaign_id,
        voucher_id
    from {{ ref('int_event__sent_message') }}
),

links as (
    select
        customer_key,
        link_id,
        min(message_id) as message_name,
        min(channel) as channel
    from events
    where event_type = 'message_clicked' and link_id is not null and message_id is not null
    group by customer_key, link_id
),

answers as (
    select
        events.event_id,
        events.customer_key,
        events.event_at,
        events.channel,
        events.event_type,
        events.campaign_id,
        events.message_id,
        events.voucher_id,
        links.message_name as linked_name,
        links.channel as linked_channel,
        rules.matched_by,
        {{ add_seconds('events.event_at', '-3600 * rules.window_hours') }} as since_at
    from events
    inner join rules on rules.answer_type = events.event_type
    left join links
        on links.customer_key = events.customer_key and links.link_id = events.link_id
    where events.direction = 'inbound'
),

candidates as (
    {%- for matched_by, condition in shared.items() %}
    select
        answers.event_id,
        answers.matched_by,
        messages.event_id as message_event_id
    from answers
    inner join messages
        on
            messages.customer_key = answers.customer_key
            and messages.event_at <= answers.event_at
            and messages.event_at >= answers.since_at
            and {{ condition }}
    where answers.matched_by = '{{ matched_by }}'
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        candidates.event_id,
        candidates.message_event_id,
        candidates.matched_by,
        messages.event_at as message_at,
        messages.channel as message_channel,
        messages.campaign_id,
        row_number() over (
            partition by candidates.event_id
            order by
                case when candidates.matched_by = 'nothing' then 1 else 0 end,
                messages.event_at desc,
                messages.event_id asc,
                candidates.matched_by asc
        ) as candidate_rank
    from candidates
    inner join messages on messages.event_id = candidates.message_event_id
),

final as (
    select
        ranked.event_id,
        ranked.message_event_id,
        answers.customer_key,
        answers.event_at,
        answers.event_type,
        answers.channel,
        ranked.message_at,
        ranked.message_channel,
        ranked.campaign_id,
        ranked.matched_by,
        case
            when ranked.matched_by = 'nothing' then 'within_window' else 'direct'
        end as strength
    from ranked
    inner join events as answers on answers.event_id = ranked.event_id
    where ranked.candidate_rank = 1
)

select * from final
