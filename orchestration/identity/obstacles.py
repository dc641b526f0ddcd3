"""Why two identifiers are not one customer.

Here: what was found between the two customers, or is wrong with one of the two identifiers. Not here: the chain between
identifiers of one customer (explain.py), words (cli/).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from orchestration.identity import evidence, path
from orchestration.identity.customers import Place
from orchestration.identity.desk import Desk, Name, dated

# The first three: what one of the two is; the others: what is between them.
Kind = Literal[
    "blocked", "limit", "unusable", "refused", "quarantined", "withdrawn", "shared", "device", "by_way", "no_evidence"
]
_OVER_LIMIT = ("more neighbours than its namespace allows", "more customers than its namespace allows")

_BETWEEN = "(left_key = any(%(a)s) and right_key = any(%(b)s)) or (left_key = any(%(b)s) and right_key = any(%(a)s))"
_REFUSED = f"""
    select left_key, right_key from identity.int_identity__decision
    where decision = 'refuse' and ({_BETWEEN}) order by left_key, right_key
"""
_QUARANTINED = f"""
    select left_key, right_key, reason from identity.int_identity__quarantined_link
    where {_BETWEEN} order by first_at, left_key, right_key
"""
_TAKEN_BACK = f"""
    with met as (
        select left_key, right_key, rule, evidence_date from identity.int_identity__evidence where {_BETWEEN}
        union all
        select least(weak_key, strong_key), greatest(weak_key, strong_key), rule, login_date
        from identity.int_identity__login
        where (weak_key = any(%(a)s) and strong_key = any(%(b)s)) or (weak_key = any(%(b)s) and strong_key = any(%(a)s))
    )
    select met.left_key, met.right_key, max(wit.withdrawn_date)
    from met
    inner join identity.int_identity__withdrawal as wit
        on wit.left_key = met.left_key and wit.right_key = met.right_key
        and wit.rule in (met.rule, '*') and wit.withdrawn_date >= met.evidence_date
    group by met.left_key, met.right_key
    order by met.left_key, met.right_key
"""
_SHARED = """
    with loose as (
        select left_key as own_key, right_key as other_key from identity.int_identity__link
        where not is_usable and left_key = any(%(all)s)
        union all
        select right_key, left_key from identity.int_identity__link where not is_usable and right_key = any(%(all)s)
    )
    select ide.identifier_key, ide.unusable_reason
    from identity.int_identity__identifier as ide
    where not ide.is_usable
        and exists (select 1 from loose where other_key = ide.identifier_key and own_key = any(%(a)s))
        and exists (select 1 from loose where other_key = ide.identifier_key and own_key = any(%(b)s))
    order by ide.identifier_key
"""
_DEVICE = """
    select one.weak_key, min(one.login_date)
    from identity.int_identity__login as one
    inner join identity.int_identity__login as other on other.weak_key = one.weak_key
    where one.strong_key = any(%(a)s) and other.strong_key = any(%(b)s)
    group by one.weak_key order by one.weak_key
"""


@dataclass(frozen=True)
class Obstacle:
    """One reason. `between`: the pair or the identifier it is about; `via`: an identifier that both were seen with.

    `reason`: the warehouse's own words, or a person's. `day`: since when, where that is known. `by`: who decided.
    `neighbours`: of an identifier over its limit, how many of which namespace.
    """

    kind: Kind
    between: tuple[Name, ...] = ()
    via: Name | None = None
    reason: str = ""
    day: date | None = None
    by: str = ""
    neighbours: tuple[tuple[str, int], ...] = ()


def obstacles(
    desk: Desk, one: Sequence[Place], other: Sequence[Place], groups: tuple[Sequence[str], Sequence[str]]
) -> tuple[Obstacle, ...]:
    """All that keeps two identifiers apart; `groups` are the identifiers of their customers, or they alone."""
    keys: dict[str, Any] = {"a": [*groups[0]], "b": [*groups[1]], "all": [*groups[0], *groups[1]]}
    found = [
        *_unusable(desk, (one, other)),
        *_refused(desk, keys),
        *_quarantined(desk, keys),
        *_taken_back(desk, keys),
        *_shared(desk, keys),
        *_devices(desk, keys),
    ]
    if not any(item.kind in ("refused", "quarantined") for item in found):
        found += _by_way(desk, one[0], other[0])
    return tuple(found) or (Obstacle("no_evidence", _named(desk, one[0].identifier_key, other[0].identifier_key)),)


def _named(desk: Desk, *keys: str) -> tuple[Name, ...]:
    names = desk.names(keys)
    return tuple(names[key] for key in keys)


def _unusable(desk: Desk, places: tuple[Sequence[Place], Sequence[Place]]) -> Iterator[Obstacle]:
    for found in places:
        if not any(place.is_usable for place in found):
            yield about_unusable(desk, found[0].identifier_key, found[0].unusable_reason or "")


def about_unusable(desk: Desk, key: str, reason: str) -> Obstacle:
    """Why an identifier names nobody, with what it was seen with."""
    counts = evidence.neighbours(desk, [key]).get(key, {})
    is_blocked = desk.rows("select 1 from identity.int_identity__blocked_identifier where identifier_key = %s", (key,))
    kind: Kind = "blocked" if is_blocked else "limit" if reason in _OVER_LIMIT else "unusable"
    return Obstacle(kind, _named(desk, key), reason=reason, neighbours=tuple(counts.items()))


def _refused(desk: Desk, keys: dict[str, Any]) -> Iterator[Obstacle]:
    pairs = [(left, right) for left, right in desk.rows(_REFUSED, keys)]
    for pair, said in evidence.decisions(desk, pairs).items():
        yield Obstacle("refused", _named(desk, *pair), reason=said.reason, day=said.as_of, by=said.decided_by)


def _quarantined(desk: Desk, keys: dict[str, Any]) -> Iterator[Obstacle]:
    rows = desk.rows(_QUARANTINED, keys)
    told = evidence.told(desk, [(left, right) for left, right, _ in rows])
    for left, right, reason in rows:
        first = told.get((left, right), ())
        yield Obstacle(
            "quarantined", _named(desk, left, right), reason=reason, day=first[0].first_date if first else None
        )


def _taken_back(desk: Desk, keys: dict[str, Any]) -> Iterator[Obstacle]:
    for left, right, day in desk.rows(_TAKEN_BACK, keys):
        yield Obstacle("withdrawn", _named(desk, left, right), day=dated(day))


def _shared(desk: Desk, keys: dict[str, Any]) -> Iterator[Obstacle]:
    for key, reason in desk.rows(_SHARED, keys):
        said = about_unusable(desk, key, reason)
        yield Obstacle("shared", via=said.between[0], reason=reason, neighbours=said.neighbours)


def _devices(desk: Desk, keys: dict[str, Any]) -> Iterator[Obstacle]:
    for key, day in desk.rows(_DEVICE, keys):
        yield Obstacle("device", via=_named(desk, key)[0], day=dated(day))


def _by_way(desk: Desk, one: Place, other: Place) -> list[Obstacle]:
    """They hang together by links, but some link of the chain was left out on the way through other customers."""
    component = path.raw_component(desk, one.anchor, other.anchor)
    if not component:
        return []
    chain = path.stored(path.shortest(path.links_among(desk, component), one.anchor, other.anchor))
    left_out = desk.rows(
        "select qua.left_key, qua.right_key, qua.reason from unnest(%s::text[], %s::text[]) as wanted (l, r) "
        "inner join identity.int_identity__quarantined_link as qua on qua.left_key = l and qua.right_key = r",
        ([left for left, _ in chain], [right for _, right in chain]),
    )
    return [Obstacle("by_way", _named(desk, left, right), reason=reason) for left, right, reason in left_out]
