"""What records and people said of pairs of identifiers.

Here: the evidence that counts, what was withdrawn, decisions, logins, neighbours; each for a few pairs or identifiers
only. Not here: what follows from it (explain.py, obstacles.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orchestration.identity.desk import Desk, dated
from orchestration.sources.contracts import CONTRACTS

Pair = tuple[str, str]

_REMAINING = """
    select evi.left_key, evi.right_key, evi.rule, min(evi.evidence_date), count(distinct evi.evidence_date)
    from unnest(%s::text[], %s::text[]) as wanted (left_key, right_key)
    inner join identity.int_identity__remaining_evidence as evi
        on evi.left_key = wanted.left_key and evi.right_key = wanted.right_key
    group by evi.left_key, evi.right_key, evi.rule
    order by min(evi.first_at), evi.rule
"""
_DECISIONS = """
    select dec.left_key, dec.right_key, dec.decision, dec.as_of, log.decided_by, log.reason
    from unnest(%s::text[], %s::text[]) as wanted (left_key, right_key)
    inner join identity.int_identity__decision as dec
        on dec.left_key = wanted.left_key and dec.right_key = wanted.right_key
    inner join ops.identity_decision as log
        on log.left_key = dec.left_key and log.right_key = dec.right_key and log.decision = dec.decision
        and log.as_of = dec.as_of and log.decided_at = dec.decided_at
"""
_PENDING = """
    select decision, as_of, decided_by, reason from ops.identity_decision
    where left_key = %s and right_key = %s and decided_at > (
        select known_at from ops.build where phase = 'foundation' and state = 'done' order by build_id desc limit 1
    )
    order by decision_id
"""
_LOGIN = """
    select rule, login_at, login_date from identity.int_identity__usable_login
    where weak_key = %s and strong_key = %s and login_at >= %s order by login_at, rule limit 1
"""
_NEIGHBOURS = """
    select link.own_key, ide.namespace, count(*)
    from (
        select left_key as own_key, right_key as other_key
        from identity.int_identity__link where left_key = any(%(keys)s)
        union all
        select right_key, left_key from identity.int_identity__link where right_key = any(%(keys)s)
    ) as link
    inner join identity.int_identity__identifier as ide on ide.identifier_key = link.other_key
    left join identity.int_identity__blocked_identifier as blo on blo.identifier_key = link.other_key
    where blo.identifier_key is null
    group by link.own_key, ide.namespace
    order by link.own_key, count(*) desc, ide.namespace
"""
_CUSTOMERS = """
    select identifier_key, customer_count from identity.int_identity__weak_identifier
    where identifier_key = any(%s) and customer_count > 0
"""


@dataclass(frozen=True)
class Told:
    """What the records of one contract say of a pair: since when (None: undated), and on how many days."""

    rule: str
    title: str
    first_date: date | None
    day_count: int


@dataclass(frozen=True)
class Decision:
    """What a person decided about a pair, from which business day on, and why."""

    decision: str
    as_of: date
    decided_by: str
    reason: str


@dataclass(frozen=True)
class Login:
    """A record that held a device and a person: its contract, its moment, its business day (None: undated)."""

    rule: str
    title: str
    login_at: datetime
    login_date: date | None


def pair(one: str, other: str) -> Pair:
    """Two identifiers in the order in which they are stored."""
    return (one, other) if one < other else (other, one)


def title(rule: str) -> str:
    """A landing contract in words."""
    return CONTRACTS[rule].title if rule in CONTRACTS else rule


def told(desk: Desk, pairs: Iterable[Pair]) -> dict[Pair, tuple[Told, ...]]:
    """The evidence of each pair that counts, earliest first."""
    found: dict[Pair, list[Told]] = {}
    for left, right, rule, first, days in desk.rows(_REMAINING, _columns(pairs)):
        found.setdefault((left, right), []).append(Told(rule, title(rule), dated(first), days))
    return {key: tuple(items) for key, items in found.items()}


def decisions(desk: Desk, pairs: Iterable[Pair]) -> dict[Pair, Decision]:
    """The release or refusal in force of each pair that has one."""
    return {(row[0], row[1]): Decision(*row[2:]) for row in desk.rows(_DECISIONS, _columns(pairs))}


def pending(desk: Desk, one: str, other: str) -> tuple[Decision, ...]:
    """What was decided about a pair since the newest finished foundation looked: the next build takes it in."""
    return tuple(Decision(*row) for row in desk.rows(_PENDING, pair(one, other)))


def login(desk: Desk, weak_key: str, strong_key: str, since: datetime) -> Login | None:
    """The first login by an identifier on a device from a moment on: the one that began an interval."""
    found = desk.rows(_LOGIN, (weak_key, strong_key, since))
    if not found:
        return None
    rule, at, day = found[0]
    return Login(rule, title(rule), at, dated(day))


def neighbours(desk: Desk, keys: Sequence[str]) -> dict[str, dict[str, int]]:
    """What the limits count: of a strong identifier those seen with it by namespace, of a device its customers."""
    customers = desk.rows(_CUSTOMERS, ([*keys],))
    found: dict[str, dict[str, int]] = {key: {"customer": count} for key, count in customers}
    for key, namespace, count in desk.rows(_NEIGHBOURS, {"keys": [*keys]}):
        found.setdefault(key, {})[namespace] = count
    return found


def _columns(pairs: Iterable[Pair]) -> tuple[list[str], list[str]]:
    listed = sorted(set(pairs))
    return [left for left, _ in listed], [right for _, right in listed]
