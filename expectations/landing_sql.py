"""The figures of the landing door: queries over `ops.batch`, `ops.refused_file` and the quarantine.

Here: SQL only, with the contract's id and the limits to be filled in (`str.format`). A figure that too few rows stand
behind is null, and null is not judged. Not here: what the figures may be (landing.py). Replays bring back rows of an
earlier batch, so they count neither as a source's newest delivery nor as its size.
"""

REFUSED = """
    select
        count(*) as refused_files,
        string_agg(ref.source || ' ' || ref.name || ' (' || ref.reason || ')', ', ' order by ref.name) as files
    from ops.refused_file as ref
    where
        ref.contract = '{contract}'
        and not exists (
            select 1 from ops.batch as bat
            where bat.source = ref.source and bat.replayed_from is null and (
                (bat.name = ref.name and bat.loaded_at > ref.refused_at)
                or bat.loaded_at > ref.refused_at + make_interval(hours => {hours})
            )
        )
"""

VOLUME = """
    with own as (
        select
            source,
            name,
            accepted,
            loaded_at,
            case when source in ({whole_files}) then last_event_date end as event_date,
            floor(
                (extract(epoch from max(loaded_at) over (partition by source) - loaded_at) + 3600) / 86400
            ) as days_ago
        from ops.batch
        where contract = '{contract}' and replayed_from is null
    ),

    days as (
        select
            source,
            (array_agg(name order by loaded_at desc))[1] as name,
            count(*) as batches,
            sum(accepted) as accepted,
            row_number() over (partition by source order by max(loaded_at) desc, event_date desc) as recency
        from own
        group by source, event_date, case when event_date is null then days_ago end
    ),

    usual as (
        select
            source,
            count(*) as days,
            percentile_cont(0.5) within group (order by accepted) as usual_rows,
            percentile_cont(0.5) within group (order by batches) as usual_batches
        from days
        where recency between 2 and {oldest}
        group by source
    )

    select
        days.source,
        days.name,
        days.batches,
        days.accepted as accepted_rows,
        usual.usual_rows,
        case
            when
                usual.days >= {days}
                and usual.usual_rows >= {rows}
                and (days.batches >= usual.usual_batches or days.source not in ({whole_files}))
                then days.accepted / usual.usual_rows
        end as volume_share
    from days
    left join usual on usual.source = days.source
    where days.recency = 1
"""

QUARANTINE = """
    with batches as (
        select
            batch_id,
            source,
            name,
            landed,
            loaded_at,
            max(loaded_at) over (partition by source) as newest_at
        from ops.batch
        where contract = '{contract}' and replayed_from is null
    ),

    waiting as (
        select batch_id, count(distinct row_number) as waiting_rows
        from quarantine.row
        where contract = '{contract}' and replayed_at is null
        group by batch_id
    )

    select
        batches.source,
        batches.name,
        batches.landed as landed_rows,
        coalesce(waiting.waiting_rows, 0) as waiting_rows,
        cast(coalesce(waiting.waiting_rows, 0) as double precision) / nullif(batches.landed, 0) as quarantined_share
    from batches
    left join waiting on waiting.batch_id = batches.batch_id
    where batches.loaded_at > batches.newest_at - make_interval(hours => {hours})
    order by quarantined_share desc nulls last
"""

CLOCK = """
    with days as (
        select
            max(case when contract = '{contract}' then last_event_date end) as newest_date,
            sum(case when contract = '{contract}' then accepted else 0 end) as landed_rows,
            greatest(max(last_event_date), {as_of}) as clock_date
        from ops.batch
        where contract in ({clocks})
    )

    select
        newest_date,
        clock_date,
        case when landed_rows >= {rows} then clock_date - newest_date end as lag_days
    from days
"""
