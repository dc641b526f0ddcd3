"""What waits for a person: links in quarantine, probable links, identifiers over their limit, blocked values that came.

Here: the list, each item with the commands that settle it; what was decided is left out at once, before the next build
has seen the decision. Not here: recording a decision (decisions.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from orchestration.identity import evidence
from orchestration.identity.desk import Desk, Name

Kind = Literal["link", "proposal", "limit", "blocked"]

# The latest word on each pair, whether a build has seen it or not. A withdrawal settles what was seen until its day.
_SAID = """
    said as (
        select distinct on (left_key, right_key) left_key, right_key, decision
        from ops.identity_decision where decision <> 'withdraw'
        order by left_key, right_key, as_of desc, decided_at desc, case when decision = 'refuse' then 0 else 1 end
    ),
    taken_back as (
        select left_key, right_key, max(as_of) as as_of
        from ops.identity_decision where decision = 'withdraw' group by left_key, right_key
    ),
    refused_customer as (
        select one.customer_key as one_key, other.customer_key as other_key
        from said
        inner join identity.int_identity__strong_identifier as one on one.identifier_key = said.left_key
        inner join identity.int_identity__strong_identifier as other on other.identifier_key = said.right_key
        where said.decision = 'refuse'
    )
"""
_LINKS = f"""
    with {_SAID},
    waiting as (
        select qua.*, lin.evidence_day_count
        from identity.int_identity__quarantined_link as qua
        inner join identity.int_identity__link as lin
            on lin.left_key = qua.left_key and lin.right_key = qua.right_key
        where
            not exists (select 1 from said where said.left_key = qua.left_key and said.right_key = qua.right_key)
            and not exists (
                select 1 from refused_customer as ref
                where (ref.one_key = qua.left_customer_key and ref.other_key = qua.right_customer_key)
                    or (ref.one_key = qua.right_customer_key and ref.other_key = qua.left_customer_key)
            )
            and not exists (
                select 1 from taken_back
                where taken_back.left_key = qua.left_key and taken_back.right_key = qua.right_key
                    and taken_back.as_of >= (
                        select max(evi.evidence_date) from identity.int_identity__evidence as evi
                        where evi.left_key = qua.left_key and evi.right_key = qua.right_key
                    )
            )
    )
    select left_key, right_key, left_customer_key, right_customer_key, reason, evidence_day_count, first_at,
        count(*) over () as total
    from waiting order by first_at, left_key, right_key limit %(limit)s
"""
# Proposals of customers who are still two, and of whom nobody has said a word by other identifiers since.
_PROPOSED = f"""
    with {_SAID},
    two as (
        select pro.*, one.customer_key as left_customer_key, other.customer_key as right_customer_key
        from ops.link_proposal as pro
        inner join identity.int_identity__strong_identifier as one on one.identifier_key = pro.left_key
        inner join identity.int_identity__strong_identifier as other on other.identifier_key = pro.right_key
        where pro.state = 'open' and one.customer_key <> other.customer_key
    )
    select left_key, right_key, left_customer_key, right_customer_key, probability, agreement, both_hold, as_of,
        count(*) over () as total
    from two
    where
        not exists (select 1 from said where said.left_key = two.left_key and said.right_key = two.right_key)
        and not exists (
            select 1 from refused_customer as ref
            where (ref.one_key = two.left_customer_key and ref.other_key = two.right_customer_key)
                or (ref.one_key = two.right_customer_key and ref.other_key = two.left_customer_key)
        )
    order by both_hold is not null, probability desc, left_key, right_key limit %(limit)s
"""
_OVER = f"""
    with {_SAID},
    over_limit as (
        select identifier_key, first_at, unusable_reason, neighbour_count as count
        from identity.int_identity__identifier
        where unusable_reason = 'more neighbours than its namespace allows'
        union all
        select identifier_key, first_at, unusable_reason, customer_count
        from identity.int_identity__weak_identifier
        where unusable_reason = 'more customers than its namespace allows'
    )
    select over_limit.identifier_key, over_limit.unusable_reason, over_limit.first_at, count(*) over () as total
    from over_limit
    where not exists (
        select 1 from said where said.decision = 'release'
            and over_limit.identifier_key in (said.left_key, said.right_key)
    )
    and not exists (
        select 1 from ops.blocked_identifier as blo where blo.identifier_key = over_limit.identifier_key
    )
    order by over_limit.count desc, over_limit.identifier_key limit %(limit)s
"""
_BLOCKED = """
    select ide.identifier_key, blo.reason, ide.first_at, count(*) over () as total
    from identity.int_identity__identifier as ide
    inner join identity.int_identity__blocked_identifier as blo on blo.identifier_key = ide.identifier_key
    order by ide.neighbour_count desc, ide.identifier_key limit %(limit)s
"""


@dataclass(frozen=True)
class Item:
    """One thing that waits.

    `names`: the ends of the link, or the identifier. `customers`: of a link, whose its ends are. `evidence_days`: of a
    link, on how many days records say so. `first_date`: since when (None: undated). `neighbours`: of an identifier,
    what it was seen with: a number by namespace. `commands`: what settles it.
    """

    kind: Kind
    names: tuple[Name, ...]
    reason: str
    first_date: date | None
    customers: tuple[Name, ...] = ()
    evidence_days: int = 0
    neighbours: tuple[tuple[str, int], ...] = ()
    commands: tuple[str, ...] = ()
    probability: float | None = None


@dataclass(frozen=True)
class Review:
    """The items, at most a given number of each kind, and how many wait of each kind in all."""

    items: tuple[Item, ...]
    totals: dict[Kind, int]


def review(desk: Desk, *, limit: int) -> Review:
    """What waits for a person, at most `limit` of each kind, longest waiting or largest first."""
    kinds: tuple[tuple[Kind, str, Callable[[Desk, list[tuple[Any, ...]]], list[Item]]], ...] = (
        ("link", _LINKS, _links),
        ("proposal", _PROPOSED, _proposed),
        ("limit", _OVER, _over),
        ("blocked", _BLOCKED, _blocked),
    )
    items: list[Item] = []
    totals: dict[Kind, int] = {}
    for kind, statement, made in kinds:
        rows = desk.rows(statement, {"limit": limit})
        totals[kind] = rows[0][-1] if rows else 0
        items += made(desk, rows)
    return Review(tuple(items), totals)


def _links(desk: Desk, rows: list[tuple[Any, ...]]) -> list[Item]:
    called = desk.names(key for row in rows for key in row[:4])
    return [
        Item(
            "link",
            (called[left], called[right]),
            reason,
            desk.day(at),
            (called[left_customer], called[right_customer]),
            days,
            commands=tuple(
                f"{_command(desk)} {word} {called[left].short} {called[right].short} --reason '…'"
                for word in ("release", "refuse", "withdraw")
            ),
        )
        for left, right, left_customer, right_customer, reason, days, at, _ in rows
    ]


def _proposed(desk: Desk, rows: list[tuple[Any, ...]]) -> list[Item]:
    """What the model compared in words, the commands; where no release can join the two, who can."""
    called = desk.names(key for row in rows for key in row[:4])
    items: list[Item] = []
    for left, right, left_customer, right_customer, probability, agreement, both_hold, as_of, _ in rows:
        words = ("refuse",) if both_hold else ("release", "refuse")
        joins = (f"if they are one: let the system that gives each {both_hold} make one of the two",)
        items.append(
            Item(
                "proposal",
                (called[left], called[right]),
                ", ".join(f"{what} {how}" for what, how in sorted(agreement.items())),
                as_of,
                (called[left_customer], called[right_customer]),
                commands=tuple(
                    f"{_command(desk)} {word} {called[left].short} {called[right].short} --reason '…'" for word in words
                )
                + (joins if both_hold else ()),
                probability=float(probability),
            )
        )
    return items


def _over(desk: Desk, rows: list[tuple[Any, ...]]) -> list[Item]:
    """A strong one can be released with the identifier whose it is; of a device only logins can be refused."""
    items: list[Item] = []
    counts = evidence.neighbours(desk, [row[0] for row in rows])
    called = desk.names(row[0] for row in rows)
    for key, reason, at, _ in rows:
        is_device = "customer" in counts.get(key, {})
        word = "refuse" if is_device else "release"
        items.append(
            Item(
                "limit",
                (called[key],),
                reason,
                desk.day(at),
                neighbours=tuple(counts.get(key, {}).items()),
                commands=(
                    f"{_command(desk)} {word} {called[key].short} OTHER --reason '…'",
                    f"a line of {called[key].namespace} in seeds/identifier_block_list.csv, if it is nobody's",
                ),
            )
        )
    return items


def _blocked(desk: Desk, rows: list[tuple[Any, ...]]) -> list[Item]:
    counts = evidence.neighbours(desk, [row[0] for row in rows])
    called = desk.names(row[0] for row in rows)
    return [
        Item(
            "blocked",
            (called[key],),
            reason,
            desk.day(at),
            neighbours=tuple(counts.get(key, {}).items()),
            commands=("if wrong: out of seeds/identifier_block_list.csv, or of the staff list that landed",),
        )
        for key, reason, at, _ in rows
    ]


def _command(desk: Desk) -> str:
    return f"touchstream --brand {desk.brand.name} identity"
