"""What a person decides about identifiers: evidence of its own, dated with the build it was made on.

Here: recording a release, a refusal or a withdrawal in `ops.identity_decision`, and turning away what could change
nothing. Not here: what a decision does to identity (dbt_project/models/identity), what waits for one (review.py).
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from orchestration.brands import Brand
from orchestration.identity import desk as desks
from orchestration.identity import evidence, names
from orchestration.identity.customers import current_customer, places_of
from orchestration.identity.desk import Desk, Name
from orchestration.identity.errors import DecisionRefused
from orchestration.identity.evidence import Pair
from orchestration.warehouse.connect import connect
from orchestration.warehouse.migrate import Connection

Word = Literal["release", "refuse", "withdraw"]

_AS_OF = "select as_of from ops.build where phase = 'foundation' and state = 'done' order by build_id desc limit 1"
_IDENTIFIER = """
    select ide.identifier_key, ide.is_strong, ide.is_unique, ide.priority, blo.reason
    from identity.int_identity__identifier as ide
    left join identity.int_identity__blocked_identifier as blo on blo.identifier_key = ide.identifier_key
    where ide.identifier_key = any(%s)
"""
_LATEST = """
    select distinct on (left_key, right_key) left_key, right_key, decision, as_of, decided_by
    from ops.identity_decision
    where (decision = 'withdraw') = %(is_withdrawal)s and left_key = any(%(left)s) and right_key = any(%(right)s)
    order by left_key, right_key, as_of desc, decided_at desc, case when decision = 'refuse' then 0 else 1 end
"""
_WAS_SEEN = """
    select 1 from identity.int_identity__evidence where left_key = %(left)s and right_key = %(right)s
    union all
    select 1 from identity.int_identity__login
    where weak_key in (%(left)s, %(right)s) and strong_key in (%(left)s, %(right)s)
    limit 1
"""
_BEST = """
    with own as (
        select customer_key, identifier_key, min(priority) over (partition by customer_key) as best, priority
        from identity.int_identity__customer_identifier
        where customer_key = any(%s) and is_strong and is_usable
    )
    select customer_key, identifier_key from own where priority = best order by identifier_key
"""
_INSERT = """
    insert into ops.identity_decision (decision, left_key, right_key, as_of, decided_at, decided_by, reason)
    values (%s, %s, %s, %s, clock_timestamp(), %s, %s)
"""

# A person may think again: the newest word stands on the proposal.
_SETTLE = """
    update ops.link_proposal set state = %(state)s, settled_at = clock_timestamp()
    where left_key = %(left)s and right_key = %(right)s and state <> 'lapsed'
"""
_STATES: dict[Word, str] = {"release": "released", "refuse": "refused"}


@dataclass(frozen=True)
class Known:
    """What the checks need of an identifier; `blocked`: why it is on a block list."""

    key: str
    is_strong: bool
    is_unique: bool
    priority: int | None
    blocked: str | None


@dataclass(frozen=True)
class Decided:
    """What was recorded: the pairs, from which business day on it counts, by whom; and what it will mean."""

    word: Word
    pairs: tuple[tuple[Name, Name], ...]
    as_of: date
    decided_by: str
    reason: str
    effect: str


def decide(brand: Brand, word: Word, one: str, other: str, *, reason: str, by: str | None = None) -> Decided:
    """Record a decision about two identifiers; it counts from the next build on.

    `by` is the operating system's user when left out. Raises DecisionRefused when it makes no sense or was made
    already, NameProblem for what names nothing.
    """
    with _writing(brand) as (desk, connection):
        ends = (names.identifier(desk, one), names.identifier(desk, other))
        if ends[0].identifier_key == ends[1].identifier_key:
            raise DecisionRefused(f"{ends[0]} and {ends[1]} are the same identifier: there is nothing to decide")
        pair = evidence.pair(ends[0].identifier_key, ends[1].identifier_key)
        _check(desk, word, ends)
        as_of = _record(desk, connection, word, [pair], said_by(by), reason)
        return Decided(word, (ends,), as_of, said_by(by), reason.strip(), _effect(desk, word, ends))


def refuse_customers(brand: Brand, one: str, other: str, *, reason: str, by: str | None = None) -> Decided:
    """Record that two customers are not one: a refusal for each pair of their identifiers of highest priority.

    Raises as `decide` does; DecisionRefused when the two are one customer now, or one of them is nobody or a device.
    """
    with _writing(brand) as (desk, connection):
        ends = (names.identifier(desk, one), names.identifier(desk, other))
        best = [_best_of(desk, end) for end in ends]
        if best[0][0] == best[1][0]:
            raise DecisionRefused(
                f"{ends[0]} and {ends[1]} are one customer now: refuse the two identifiers that are not one person, "
                "without --customers"
            )
        pairs = [evidence.pair(left, right) for left in best[0][1] for right in best[1][1]]
        as_of = _record(desk, connection, "refuse", pairs, said_by(by), reason)
        called = desk.names(key for pair in pairs for key in pair)
        told = tuple((called[left], called[right]) for left, right in pairs)
        return Decided(
            "refuse", told, as_of, said_by(by), reason.strip(), "The two customers stay two, whatever links them."
        )


@contextmanager
def _writing(brand: Brand) -> Iterator[tuple[Desk, Connection]]:
    """A desk to look up things, and a connection whose commit records; other people decide one after the other."""
    with (
        desks.opened(brand, role=None) as desk,
        connect(brand.name, application_name="touchstream identity decision") as connection,
    ):
        connection.execute("lock table ops.identity_decision in share row exclusive mode")
        yield desk, connection


def said_by(by: str | None) -> str:
    """Who decides: the name given, else the operating system's user."""
    return (by or "").strip() or getpass.getuser()


def _best_of(desk: Desk, name: Name) -> tuple[str, list[str]]:
    """The customer that an identifier names, and its strong identifiers of the highest priority."""
    customer = current_customer(places_of(desk, [name.identifier_key]))
    found = desk.rows(_BEST, ([customer],)) if customer else []
    if customer is None or not found:
        kind = "names nobody" if customer is None else "is only a device's customer"
        raise DecisionRefused(f"{name} {kind}: a refusal of customers needs two that have identifiers of their own")
    return customer, [key for _, key in found]


def _check(desk: Desk, word: Word, ends: tuple[Name, Name]) -> None:
    known = {row[0]: Known(*row) for row in desk.rows(_IDENTIFIER, ([end.identifier_key for end in ends],))}
    for end in ends:
        if known[end.identifier_key].priority is None:
            raise DecisionRefused(
                f"namespace {end.namespace} of {end} is not in seeds/identifier_namespaces.csv: list it first"
            )
    both = (known[ends[0].identifier_key], known[ends[1].identifier_key])
    if not both[0].is_strong and not both[1].is_strong:
        raise DecisionRefused(f"{ends[0]} and {ends[1]} are both devices: two devices are no evidence of one person")
    if word == "release":
        _check_release(ends, both)
    left, right = evidence.pair(both[0].key, both[1].key)
    if word == "withdraw" and not desk.rows(_WAS_SEEN, {"left": left, "right": right}):
        raise DecisionRefused(f"no record holds both {ends[0]} and {ends[1]}: there is nothing to withdraw")


def _check_release(ends: tuple[Name, Name], both: tuple[Known, Known]) -> None:
    for end, known in zip(ends, both, strict=True):
        if not known.is_strong:
            raise DecisionRefused(
                f"{end} is a device: it is assigned to whoever logs in on it, and never makes one customer of two"
            )
        if known.blocked is not None:
            raise DecisionRefused(
                f"{end} is blocked ({known.blocked}): a release does not help. Take it out of "
                "seeds/identifier_block_list.csv, or of the staff list that landed, if that is wrong"
            )
    if both[0].is_unique and ends[0].namespace == ends[1].namespace:
        raise DecisionRefused(
            f"a customer has at most one {ends[0].namespace} (seeds/identifier_namespaces.csv): {ends[0]} and "
            f"{ends[1]} can never be one, and no release changes that"
        )


def _record(desk: Desk, connection: Connection, word: Word, pairs: Sequence[Pair], by: str, reason: str) -> date:
    """Insert what was not so decided before; the business day it is dated with."""
    if not reason.strip():
        raise DecisionRefused("a decision needs a reason that others will understand later: --reason")
    built = connection.execute(_AS_OF).fetchone()
    if built is None:
        raise DecisionRefused(
            f"no build of brand {desk.brand.name} is done, so there is nothing to decide on: run `build` first"
        )
    as_of: date = built[0]
    new = [pair for pair in pairs if _is_new(desk, connection, word, pair, as_of)]
    if not new:
        called = desk.names(pairs[0])
        held = _latest(connection, word, pairs[0])
        raise DecisionRefused(
            f"{called[pairs[0][0]]} and {called[pairs[0][1]]}: {held[4]} decided `{word}` as of {held[3]} already"
        )
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [(word, *pair, as_of, by, reason.strip()) for pair in new])
        if word in _STATES:
            settled = [{"state": _STATES[word], "left": left, "right": right} for left, right in new]
            cursor.executemany(_SETTLE, settled)
    return as_of


def _latest(connection: Connection, word: Word, pair: Pair) -> tuple[Any, ...]:
    """The decision in force on a pair, of withdrawals or of the others; empty when there is none."""
    left, right = pair
    asked = {"is_withdrawal": word == "withdraw", "left": [left], "right": [right]}
    return connection.execute(_LATEST.encode(), asked).fetchone() or ()


def _is_new(desk: Desk, connection: Connection, word: Word, pair: Pair, as_of: date) -> bool:
    held = _latest(connection, word, pair)
    if not held:
        return True
    if word == "withdraw":
        return held[3] < as_of
    if held[2] != word and held[3] > as_of:
        raise DecisionRefused(
            f"{held[4]} decided `{held[2]}` on a build of {held[3]}, and the warehouse stands at {as_of} now: the "
            f"later day would hold. Build that day (`touchstream --brand {desk.brand.name} build`) and decide on it"
        )
    return held[2] != word


def _effect(desk: Desk, word: Word, ends: tuple[Name, Name]) -> str:
    """What the decision will mean, as far as it can be told before the build."""
    places = places_of(desk, [end.identifier_key for end in ends])
    owners = [
        current_customer([place for place in places if place.identifier_key == end.identifier_key]) for end in ends
    ]
    is_one = owners[0] is not None and owners[0] == owners[1]
    is_device = not all(place.is_strong for place in places)
    if word == "release":
        if is_one:
            return "They are one customer already; from then on this link comes first when others contest it."
        return (
            "They become one customer, this link before all others; what then breaks a rule (two values of a namespace "
            "that allows one, another refusal) is left out and waits in review."
        )
    if word == "refuse":
        if is_device:
            return "Logins by the one on the other do not count; what was done there before falls to the next login."
        return "They are two customers, by whatever path they are linked." if is_one else "They stay two customers."
    return (
        "What records said of the two up to that day does not count; records of later days do. "
        + ("They fall apart unless another path links them." if is_one else "")
    ).strip()
