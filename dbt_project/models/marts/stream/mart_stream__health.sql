-- grain: one row per landing contract whose records have a date
-- Whether a channel is connected (it has landed something), fresh, and joined to customers: over
-- all history, and over the last `stream_health_days` days.
with contracts as (
    {%- for record in contract_records() if record.day %}
    select
        '{{ record.rule }}' as contract,
        '{{ record.rule.split('.')[0] }}' as channel_group,
        {{ 'true' if record.identifiers else 'false' }} as names_customers
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

days as (
    select
        contract,
        stream_date,
        row_count,
        named_count,
        joined_count
    from {{ ref('fct_stream_day') }}
),

clock as (
    select as_of_date
    from {{ ref('int_time__clock') }}
),

recent as (
    select {{ add_days('as_of_date', '-' ~ var('stream_health_days')) }} as since_date
    from clock
),

measured as (
    select
        days.contract,
        sum(days.row_count) as row_count,
        min(nullif(days.stream_date, {{ undated_date() }})) as first_date,
        max(nullif(days.stream_date, {{ undated_date() }})) as last_date,
        sum(days.named_count) as named_count,
        sum(days.joined_count) as joined_count,
        sum(
            case when days.stream_date > recent.since_date then days.row_count else 0 end
        ) as recent_row_count,
        sum(
            case when days.stream_date > recent.since_date then days.joined_count else 0 end
        ) as recent_joined_count
    from days
    cross join recent
    group by days.contract
),

final as (
    select
        contracts.contract,
        contracts.channel_group,
        clock.as_of_date,
        measured.contract is not null as is_connected,
        cast(coalesce(measured.row_count, 0) as bigint) as row_count,
        measured.first_date,
        measured.last_date,
        {{ days_between('measured.last_date', 'clock.as_of_date') }} as days_since_last,
        contracts.names_customers,
        {{ share_of('measured.named_count', 'measured.row_count') }} as named_share,
        {{ share_of('measured.joined_count', 'measured.row_count') }} as joined_share,
        cast(coalesce(measured.recent_row_count, 0) as bigint) as recent_row_count,
        case
            when contracts.names_customers
                then {{ share_of('measured.recent_joined_count', 'measured.recent_row_count') }}
        end as recent_joined_share
    from contracts
    cross join clock
    left join measured on measured.contract = contracts.contract
)

select * from final
