"""The statements of planning, in the order in which they run.

Here: SQL only. Ids are hashes of what they name (the first 128 bits of SHA-256, marked as UUID version 8), made by the
database for a whole set at once. The plan is first copied to a scratch table with its route and ids; everything else is
written from that.
"""

from __future__ import annotations

from typing import LiteralString


def _uuid(hex_text: LiteralString) -> LiteralString:
    return f"cast(overlay(overlay(left({hex_text}, 32) placing '8' from 13) placing '8' from 17) as uuid)"


def _hash(*parts: LiteralString) -> LiteralString:
    texts = " || chr(31) || ".join(f"coalesce(cast({part} as text), chr(30))" for part in parts)
    return f"encode(sha256(convert_to({texts}, 'UTF8')), 'hex')"


ALONE: LiteralString = "select pg_advisory_xact_lock(hashtextextended('touchstream.planning', 0))"

DAYS: LiteralString = "select distinct as_of from activation.act_contact_plan order by as_of"

CAMPAIGN_CHANNELS: LiteralString = """
    select distinct campaign_id, channel from activation.act_campaign_channel order by campaign_id, channel
"""

DESTINATION: LiteralString = """
    insert into ops.destination (destination_id, kind, capabilities) values (%s, %s, %s)
    on conflict (destination_id) do update set kind = excluded.kind, capabilities = excluded.capabilities
"""

SYNC: LiteralString = """
    insert into ops.sync (sync_id, destination_id, campaign_id, mode, state) values (%s, %s, %s, 'send_once', 'active')
    on conflict (sync_id) do nothing
"""

NEWEST_SERVED: LiteralString = """
    select max(as_of) from ops.sync_run
    where sync_id = %s and delivery = %s and state not in ('failed', 'cancelled')
"""

ROUTE_TABLE: LiteralString = """
    create temporary table plan_route (
        campaign_id text, channel text, sync_id text, delivery text, is_connected boolean, run_id uuid
    ) on commit drop
"""

ROUTE: LiteralString = f"""
    insert into plan_route (campaign_id, channel, sync_id, delivery, is_connected, run_id)
    values (
        %(campaign_id)s, %(channel)s, %(sync_id)s, %(delivery)s, %(is_connected)s,
        {_uuid(_hash("'run'", "%(sync_id)s::text", "%(delivery)s::text", "%(as_of)s::date", "%(build_id)s::bigint"))}
    )
"""

# The candidates with their route and ids. A rehearsal is whole every day, so its key holds the day.
PLAN_TABLE: LiteralString = f"""
    create temporary table plan_row on commit drop as
    with routed as (
        select
            pln.*,
            rte.sync_id,
            rte.delivery,
            rte.run_id,
            case
                when pln.outcome = 'send' and not rte.is_connected then 'suppressed' else pln.outcome
            end as final_outcome,
            case
                when pln.outcome = 'send' and not rte.is_connected then 'no_destination' else pln.reason
            end as final_reason,
            case when rte.delivery = 'dry_run' then pln.as_of end as rehearsal_day
        from activation.act_contact_plan as pln
        inner join plan_route as rte on rte.campaign_id = pln.campaign_id and rte.channel = pln.channel
    )
    select
        *,
        {_hash("delivery", "sync_id", "identifier_key", "channel", "occasion_key", "rehearsal_day")} as idem_key,
        {_uuid(_hash("'decision'", "delivery", "campaign_id", "customer_key", "occasion_key", "as_of"))} as decision_id,
        {_uuid(_hash("delivery", "sync_id", "identifier_key", "channel", "occasion_key", "rehearsal_day"))} as op_id
    from routed
"""

# Without figures the database takes a new table for a small one, and joins by looking through it for every row.
KNOW_THE_PLAN: LiteralString = "analyze plan_row, activation.act_contact_identifier"
KNOW_THE_INTENTS: LiteralString = "analyze ops.operation"
KNOW_THE_REST: LiteralString = "analyze ops.decision, ops.operation_identifier, ops.desired_member"

RUNS: LiteralString = """
    insert into ops.sync_run (run_id, sync_id, build_id, delivery, as_of, state, started_at)
    select run_id, sync_id, %(build_id)s, delivery, %(as_of)s, 'approved', %(now)s
    from plan_route
    on conflict (run_id) do nothing
"""

DECISIONS: LiteralString = """
    insert into ops.decision (
        decision_id, run_id, campaign_id, candidate, identifier_key, channel, occasion_key, outcome, reason,
        delivery, as_of, business_at, recorded_at
    )
    select
        decision_id, run_id, campaign_id, customer_key, identifier_key, channel, occasion_key, final_outcome,
        final_reason, delivery, as_of, %(business_at)s, %(now)s
    from plan_row
    on conflict (delivery, campaign_id, candidate, occasion_key, as_of) do nothing
"""

# Not where any identifier of the customer holds a live message of that occasion already: the unique keys see one
# identifier, this sees all.
OPERATIONS: LiteralString = """
    with added as (
        insert into ops.operation (
            op_id, run_id, sync_id, campaign_id, candidate, identifier_key, channel, purpose, kind, occasion_key,
            idem_key, delivery, state, as_of, business_at, valid_until, recorded_at
        )
        select
            pln.op_id, pln.run_id, pln.sync_id, pln.campaign_id, pln.customer_key, pln.identifier_key, pln.channel,
            pln.purpose, 'send', pln.occasion_key, pln.idem_key, pln.delivery, 'pending', pln.as_of, %(business_at)s,
            %(now)s::timestamptz + make_interval(days => pln.valid_for_days), %(now)s
        from plan_row as pln
        where
            pln.final_outcome = 'send'
            and not exists (
                select 1
                from activation.act_contact_identifier as cid
                inner join ops.operation_identifier as oid on oid.identifier_key = cid.identifier_key
                inner join ops.operation as opr on opr.op_id = oid.op_id
                where
                    cid.customer_key = pln.customer_key
                    and opr.campaign_id = pln.campaign_id
                    and opr.occasion_key = pln.occasion_key
                    and opr.delivery = pln.delivery
                    and opr.delivery = 'live'
                    and opr.state not in ('dead', 'superseded', 'suppressed', 'expired', 'cancelled')
            )
        on conflict do nothing
        returning sync_id
    )
    select sync_id, count(*) from added group by sync_id
"""

OPERATION_IDENTIFIERS: LiteralString = """
    insert into ops.operation_identifier (op_id, identifier_key)
    select pln.op_id, cid.identifier_key
    from plan_row as pln
    inner join ops.operation as opr on opr.op_id = pln.op_id and opr.run_id = pln.run_id
    inner join activation.act_contact_identifier as cid on cid.customer_key = pln.customer_key
    where pln.final_outcome = 'send'
    on conflict do nothing
"""

DESIRED_MEMBERS: LiteralString = """
    insert into ops.desired_member (op_id, sync_id, identifier_key, content_key, payload)
    select pln.op_id, pln.sync_id, pln.identifier_key, pln.content_key, cast(pln.payload as jsonb)
    from plan_row as pln
    inner join ops.operation as opr on opr.op_id = pln.op_id and opr.run_id = pln.run_id
    where pln.final_outcome = 'send'
    on conflict do nothing
"""

WITHOUT_INTENT: LiteralString = """
    select count(*)
    from plan_row as pln
    left join ops.operation as opr on opr.op_id = pln.op_id
    where pln.final_outcome = 'send' and opr.op_id is null
"""

OUTCOMES: LiteralString = """
    select final_outcome, final_reason, count(*) from plan_row where sync_id = %s group by final_outcome, final_reason
"""

RUN_COUNTS: LiteralString = """
    update ops.sync_run set counts = %s
    where run_id in (select run_id from plan_route where sync_id = %s) and counts = '{}'
"""
