"""Suites of what is about to be sent: the contact plan, and the messages that wait in the ledger.

Here: audience against customers and against other days, outcomes, payloads, the backlog. Not here: who may be written
to (policy, in dbt), opt-outs (checked again when a message is claimed). A rehearsal reaches nobody and does not count
as waiting.
"""

from __future__ import annotations

from expectations.model import Part, Rule, Subject, Suite, at_least, at_most, each_between, subject
from expectations.situation import Situation

PLAN = subject(
    "activation",
    "act_contact_plan",
    "payload",
    "The day's audience: share of customers, size against other days, outcomes",
)
WAITING = subject(
    "ops",
    "operation",
    "payload",
    "Messages that wait to be sent: how many, how many for one address, whether each has its content",
    asset=PLAN.asset_key,
)

SUBJECTS: tuple[Subject, ...] = (PLAN, WAITING)
"""What stands at the payload door."""

_REACHABLE = "select count(*) as customers from marts.mart_customer__single_view where has_email or has_phone"


def suite(situation: Situation) -> Suite:
    """The suite of the plan or of the waiting messages, as its situation wants it."""
    notes: list[str] = []
    part = _plan(situation, notes) if situation.subject == PLAN else _waiting(situation)
    return Suite(situation.subject, (part,), tuple(notes))


_PLAN_FACTS = """
    with plan as (
        select
            count(*) as candidates,
            coalesce(sum(case when outcome = 'send' then 1 else 0 end), 0) as messages,
            coalesce(max(case when outcome = 'send' then length(cast(payload as text)) end), 0) as longest_payload
        from activation.act_contact_plan
    ),

    reachable as ({reachable})

    select
        plan.messages,
        plan.longest_payload,
        case
            when plan.messages >= {minimum}
                then cast(plan.messages as double precision) / greatest(reachable.customers, 1)
        end as audience_share,
        case
            when plan.messages >= {minimum} then cast(plan.messages as double precision) / plan.candidates
        end as send_share
    from plan
    cross join reachable
"""


def _plan(situation: Situation, notes: list[str]) -> Part:
    limits = situation.limits
    minimum = limits.count("plan_minimum_messages")
    longest = limits.value("payload_characters_maximum")
    share, send = limits.value("plan_share_maximum"), limits.value("plan_send_share_maximum")
    rules = (
        _messages(situation, notes),
        each_between(
            "audience_share", "audience_share", "The day's plan writes to a part of the reachable", maximum=share
        ),
        each_between("send_share", "send_share", "Policy stops somebody", maximum=send),
        at_most("longest_payload", "longest_payload", longest, "No message carries a document"),
    )
    return Part("plan", rules, _PLAN_FACTS.format(reachable=_REACHABLE, minimum=minimum), is_small=True)


def _messages(situation: Situation, notes: list[str]) -> Rule:
    """The day's messages against those of earlier days; without such they are bounded by the audience's share alone."""
    limits = situation.limits
    usual = situation.usual("messages")
    if usual is None:
        notes.append("messages: no earlier plan to compare with")
        return at_least("messages", "messages", 0, "Messages are counted, to compare later plans with")
    most = limits.value("plan_growth_maximum") * max(usual, limits.value("plan_minimum_messages"))
    meaning = f"The plan is no flood: earlier ones had {usual:g} messages"
    return at_most("messages", "messages", most, meaning)


_WAITING_FACTS = """
    with waiting as (
        select opr.op_id, opr.channel, opr.identifier_key, dsm.op_id is null as has_no_content
        from ops.operation as opr
        left join ops.desired_member as dsm on dsm.op_id = opr.op_id
        where opr.kind = 'send' and opr.state = 'pending' and opr.delivery <> 'dry_run'
    ),

    addresses as (
        select channel, identifier_key, count(*) as messages from waiting group by channel, identifier_key
    ),

    reachable as ({reachable})

    select
        (select coalesce(max(messages), 0) from addresses) as messages_for_one,
        (select count(*) from waiting where has_no_content) as messages_without_content,
        case
            when (select count(*) from addresses) >= {minimum}
                then cast((select count(*) from addresses) as double precision) / greatest(reachable.customers, 1)
        end as waiting_share
    from reachable
"""


def _waiting(situation: Situation) -> Part:
    limits = situation.limits
    minimum = limits.count("plan_minimum_messages")
    share, most = limits.value("plan_share_maximum"), limits.value("waiting_per_address_maximum")
    rules = (
        each_between("waiting_share", "waiting_share", "Messages wait for a part of the reachable", maximum=share),
        at_most("messages_for_one", "messages_for_one", most, "No address has a queue of messages"),
        at_most("messages_without_content", "messages_without_content", 0, "Every waiting message has its content"),
    )
    return Part("waiting", rules, _WAITING_FACTS.format(reachable=_REACHABLE, minimum=minimum), is_small=True)
