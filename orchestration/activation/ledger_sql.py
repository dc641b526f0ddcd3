"""The statements of the dispatcher, by the moment they belong to.

Here: SQL only, over `ops` and the vault. States move as docs/activation.md draws them; each statement names the state
it moves from, so that a late worker changes nothing that another has moved on.
"""

from __future__ import annotations

from typing import LiteralString

# --- taking stock ---

LAPSED_BATCHES: LiteralString = """
    select bat.batch_id
    from ops.send_batch as bat
    inner join ops.sync as syn on syn.sync_id = bat.sync_id
    where syn.destination_id = %(destination)s and bat.outcome is null and bat.lease_until <= %(now)s
    for update of bat skip locked
"""

LAPSE_OPERATIONS: LiteralString = """
    update ops.operation
    set state = 'unknown', error_class = 'lease_lost', error_code = null, error_text = null
    where batch_id = any(%(batches)s) and state = 'in_flight'
"""

LAPSE_BATCHES: LiteralString = """
    update ops.send_batch set outcome = 'ambiguous', settle_at = lease_until + %(settle)s
    where batch_id = any(%(batches)s)
"""

UNKNOWN: LiteralString = """
    select bat.batch_id, bat.opened_at, bat.polls, array_agg(opr.op_id order by opr.op_id)
    from ops.send_batch as bat
    inner join ops.sync as syn on syn.sync_id = bat.sync_id
    inner join ops.operation as opr on opr.batch_id = bat.batch_id and opr.state = 'unknown'
    where syn.destination_id = %(destination)s and bat.settle_at <= %(now)s
    group by bat.batch_id, bat.opened_at, bat.polls
    order by bat.batch_id
"""

LOCK_BATCH: LiteralString = "select polls from ops.send_batch where batch_id = %(batch)s for update"

FOUND: LiteralString = """
    update ops.operation
    set
        state = 'acked', acked_at = %(now)s, provider_id = coalesce(provider_id, 'reconciled'),
        error_class = null, error_code = null, error_text = null
    where op_id = any(%(found)s) and batch_id = %(batch)s and state = 'unknown'
"""

ABSENT: LiteralString = """
    update ops.operation
    set
        state = 'pending', batch_id = null, next_at = null,
        error_class = 'proven_absent', error_code = null, error_text = null
    where batch_id = %(batch)s and state = 'unknown' and not op_id = any(%(found)s)
"""

POLLED: LiteralString = """
    update ops.send_batch set polls = polls + 1, settle_at = %(now)s + %(settle)s where batch_id = %(batch)s
"""

ABANDON: LiteralString = """
    update ops.operation as opr
    set state = 'abandoned'
    from ops.send_batch as bat
    inner join ops.sync as syn on syn.sync_id = bat.sync_id
    where
        opr.batch_id = bat.batch_id
        and syn.destination_id = %(destination)s
        and opr.state = 'unknown'
        and bat.settle_at <= %(now)s
        and (%(at_once)s or opr.valid_until <= %(now)s)
"""

# --- claiming ---

# In the order of the index operation_pending: what is due again first, then what was never tried.
CLAIM: LiteralString = """
    select opr.op_id
    from ops.operation as opr
    inner join ops.sync as syn on syn.sync_id = opr.sync_id
    inner join ops.destination as des on des.destination_id = syn.destination_id
    where
        syn.destination_id = %(destination)s
        and syn.state = 'active'
        and des.is_enabled
        and opr.state = 'pending'
        and opr.delivery = %(delivery)s
        and (opr.next_at is null or opr.next_at <= %(now)s)
        and opr.sync_id = %(sync)s
    order by opr.next_at, opr.op_id
    limit %(most)s
    for update of opr skip locked
"""

EXPIRE: LiteralString = """
    update ops.operation set state = 'expired'
    where op_id = any(%(claimed)s) and valid_until <= %(now)s
    returning op_id
"""

# Every identifier the customer had at planning counts; per identifier the newest word holds, and at one moment the opt-
# out.
SUPPRESS: LiteralString = """
    with claimed as (
        select op_id, identifier_key, candidate, channel, purpose from ops.operation where op_id = any(%(claimed)s)
    ),
    identifiers as (
        select op_id, identifier_key, channel, purpose from claimed
        union
        select op_id, candidate, channel, purpose from claimed
        union
        select oid.op_id, oid.identifier_key, clm.channel, clm.purpose
        from ops.operation_identifier as oid
        inner join claimed as clm on clm.op_id = oid.op_id
    ),
    latest as (
        select distinct on (idn.op_id, idn.identifier_key) idn.op_id, sup.is_suppressed
        from identifiers as idn
        inner join ops.suppression as sup on sup.identifier_key = idn.identifier_key
        where sup.channel in (idn.channel, 'all') and sup.purpose in (idn.purpose, 'all')
        order by idn.op_id, idn.identifier_key, sup.occurred_at desc, sup.is_suppressed desc
    )
    update ops.operation set state = 'suppressed', error_class = 'opt_out', error_code = null, error_text = null
    where op_id in (select op_id from latest where is_suppressed)
    returning op_id
"""

LOAD: LiteralString = """
    select opr.op_id, clr.value, mem.content_key, mem.payload
    from ops.operation as opr
    inner join ops.desired_member as mem on mem.op_id = opr.op_id
    left join vault.clear_value as clr on clr.value_key = opr.identifier_key
    where opr.op_id = any(%(claimed)s)
    order by opr.op_id
"""

CLEAR_VALUES: LiteralString = "select value_key, value from vault.clear_value where value_key = any(%s)"

OPEN_BATCH: LiteralString = """
    insert into ops.send_batch (batch_id, sync_id, attempt_out_id, lease_owner, lease_until, op_count, opened_at)
    values (%(batch)s, %(sync)s, %(batch)s, %(owner)s, %(lease_until)s, %(count)s, %(now)s)
    returning fence
"""

IN_FLIGHT: LiteralString = """
    update ops.operation
    set
        state = 'in_flight', batch_id = %(batch)s, attempts = attempts + 1, next_at = null, sent_at = %(now)s,
        error_class = null, error_code = null, error_text = null
    where op_id = any(%(ops)s)
"""

FINISH: LiteralString = """
    update ops.operation
    set state = %(state)s, error_class = %(error_class)s, error_code = %(error_code)s, error_text = %(error_text)s
    where op_id = %(op)s and state = 'pending'
"""

# --- sending ---

MAY_SEND: LiteralString = """
    select bat.lease_until
    from ops.send_batch as bat
    inner join ops.sync as syn on syn.sync_id = bat.sync_id
    inner join ops.destination as des on des.destination_id = syn.destination_id
    where
        bat.batch_id = %(batch)s and bat.fence = %(fence)s and bat.outcome is null
        and syn.state = 'active' and des.is_enabled
"""

# --- recording ---

LOCK_OWN_BATCH: LiteralString = """
    select outcome from ops.send_batch where batch_id = %(batch)s and fence = %(fence)s for update
"""

# An acceptance is a fact even when the lease was lost meanwhile, as long as nobody has taken the operation further.
ACCEPTED: LiteralString = """
    update ops.operation
    set
        state = 'acked', acked_at = %(now)s, provider_id = %(provider)s,
        error_class = null, error_code = null, error_text = null
    where op_id = %(op)s and batch_id = %(batch)s and state in ('in_flight', 'unknown')
"""

RETRY: LiteralString = """
    update ops.operation
    set
        state = 'pending', batch_id = null,
        next_at = %(now)s
        + make_interval(secs => least(%(back_off)s * power(2, least(attempts - 1, 20)), %(longest_back_off)s)),
        error_class = %(error_class)s, error_code = %(error_code)s, error_text = %(error_text)s
    where op_id = %(op)s and batch_id = %(batch)s and state = 'in_flight'
"""

NOT_SENT: LiteralString = """
    update ops.operation
    set state = 'pending', batch_id = null, next_at = null, attempts = attempts - 1, sent_at = null
    where op_id = %(op)s and batch_id = %(batch)s and state = 'in_flight'
"""

REJECTED: LiteralString = """
    update ops.operation
    set state = 'dead', error_class = %(error_class)s, error_code = %(error_code)s, error_text = %(error_text)s
    where op_id = %(op)s and batch_id = %(batch)s and state = 'in_flight'
"""

UNANSWERED: LiteralString = """
    update ops.operation
    set state = 'unknown', error_class = %(error_class)s, error_code = %(error_code)s, error_text = %(error_text)s
    where op_id = %(op)s and batch_id = %(batch)s and state = 'in_flight'
"""

CLOSE_BATCH: LiteralString = """
    update ops.send_batch
    set
        sent_at = %(now)s, outcome = %(outcome)s::text,
        settle_at = case when %(outcome)s::text = 'ambiguous' then %(now)s + %(settle)s end
    where batch_id = %(batch)s
"""

# --- what comes next ---

NEXT_DUE: LiteralString = """
    select min(due_at)
    from (
        select opr.next_at as due_at
        from ops.operation as opr
        inner join ops.sync as syn on syn.sync_id = opr.sync_id
        inner join ops.destination as des on des.destination_id = syn.destination_id
        where
            syn.destination_id = %(destination)s and syn.state = 'active' and des.is_enabled
            and opr.state = 'pending' and opr.delivery = %(delivery)s
            and opr.next_at < coalesce(opr.valid_until, 'infinity')
        union all
        select bat.lease_until
        from ops.send_batch as bat
        inner join ops.sync as syn on syn.sync_id = bat.sync_id
        where syn.destination_id = %(destination)s and bat.outcome is null
        union all
        select bat.settle_at
        from ops.send_batch as bat
        inner join ops.sync as syn on syn.sync_id = bat.sync_id
        where
            syn.destination_id = %(destination)s and %(settles)s
            and exists (select 1 from ops.operation as opr where opr.batch_id = bat.batch_id and opr.state = 'unknown')
    ) as due
"""

SYNCS: LiteralString = """
    select sync_id from ops.sync where destination_id = %(destination)s order by sync_id
"""

STATES: LiteralString = """
    select opr.state, count(*)
    from ops.operation as opr
    inner join ops.sync as syn on syn.sync_id = opr.sync_id
    where syn.destination_id = %(destination)s and opr.delivery = %(delivery)s
    group by opr.state
"""

RUN_STATES: LiteralString = """
    with open_runs as (
        select run.run_id
        from ops.sync_run as run
        inner join ops.sync as syn on syn.sync_id = run.sync_id
        where syn.destination_id = %(destination)s and run.delivery = %(delivery)s and run.finished_at is null
    ),
    states as (
        select opn.run_id, opr.state, count(*) as state_count
        from open_runs as opn
        inner join ops.operation as opr on opr.run_id = opn.run_id
        group by opn.run_id, opr.state
    ),
    counted as (
        select
            opn.run_id,
            coalesce(jsonb_object_agg(sta.state, sta.state_count) filter (where sta.state is not null), '{}') as states,
            coalesce(sum(sta.state_count) filter (where sta.state in ('pending', 'in_flight')), 0) as waiting,
            coalesce(sum(sta.state_count) filter (where sta.state = 'unknown'), 0) as unsettled
        from open_runs as opn
        left join states as sta on sta.run_id = opn.run_id
        group by opn.run_id
    )
    update ops.sync_run as run
    set
        counts = run.counts || jsonb_build_object('states', cnt.states),
        state = case when cnt.waiting > 0 then 'dispatching' when cnt.unsettled > 0 then 'draining' else 'done' end,
        held_reason = case
            when cnt.unsettled > 0 then cnt.unsettled || ' messages whose answer was lost wait to be settled'
        end,
        finished_at = case when cnt.waiting + cnt.unsettled = 0 then %(now)s::timestamptz end
    from counted as cnt
    where cnt.run_id = run.run_id
"""
