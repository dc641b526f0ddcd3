"""Are two identifiers one customer, and why.

Here: the verdict, the shortest chain of links that count, each with the records it rests on. Not here: why not
(obstacles.py), words (cli/). The rules themselves are SQL (dbt_project/models/identity); this reads what they made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from orchestration.identity import evidence, names, path
from orchestration.identity.customers import Place, current_customer, places_of, places_of_customer
from orchestration.identity.desk import Desk, Name
from orchestration.identity.errors import NameProblem
from orchestration.identity.evidence import Decision, Told
from orchestration.identity.obstacles import Obstacle, obstacles

Verdict = Literal["one", "at_times", "two", "nobody"]


@dataclass(frozen=True)
class Step:
    """A link of the chain. `told`: what records say; `release`: a person's word.

    `login`: of a device, the record that assigned it; from `since` (None: from the beginning) to `until` (None: still).
    """

    one: Name
    other: Name
    told: tuple[Told, ...] = ()
    release: Decision | None = None
    login: str = ""
    login_at: datetime | None = None
    since: date | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Explanation:
    """What is known of two identifiers.

    `one`: they are one customer. `at_times`: a device was the customer's, and is not now. `two`: different customers.
    `nobody`: one of them names nobody. `customers`: whose each is now. `pending`: what a person decided since.
    """

    one: Name
    other: Name
    verdict: Verdict
    customers: tuple[Name | None, Name | None]
    steps: tuple[Step, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    pending: tuple[Decision, ...] = ()


def explain(desk: Desk, one_text: str, other_text: str) -> Explanation:
    """Say whether two identifiers are one customer, and why; NameProblem for what names nothing (names.py)."""
    one, other = names.identifier(desk, one_text), names.identifier(desk, other_text)
    if one.identifier_key == other.identifier_key:
        raise NameProblem(f"{one} and {other} are the same identifier")
    places = places_of(desk, (one.identifier_key, other.identifier_key))
    of_one = [place for place in places if place.identifier_key == one.identifier_key]
    of_other = [place for place in places if place.identifier_key == other.identifier_key]
    now = (current_customer(of_one), current_customer(of_other))
    known = desk.names(key for key in now if key)
    customers = (known[now[0]] if now[0] else None, known[now[1]] if now[1] else None)
    pending = evidence.pending(desk, one.identifier_key, other.identifier_key)
    if meeting := _meeting(of_one, of_other):
        verdict = "one" if all(place.is_current for place in meeting) else "at_times"
        return Explanation(one, other, verdict, customers, _steps(desk, *meeting), pending=pending)
    groups = (_group(desk, of_one), _group(desk, of_other))
    is_nobody = not any(place.is_somebodys for place in of_one) or not any(place.is_somebodys for place in of_other)
    why_not = obstacles(desk, of_one, of_other, groups)
    return Explanation(one, other, "nobody" if is_nobody else "two", customers, obstacles=why_not, pending=pending)


def _meeting(of_one: Sequence[Place], of_other: Sequence[Place]) -> tuple[Place, Place] | None:
    """Intervals in which both are one customer's: the open ones if there are, else the newest."""
    common = [
        (place, another)
        for place in of_one
        for another in of_other
        if place.is_somebodys and place.customer_key == another.customer_key
    ]
    order = [(all(one.is_current for one in both), max(one.valid_from for one in both)) for both in common]
    return max(zip(order, common, strict=True), key=lambda item: item[0])[1] if common else None


def _group(desk: Desk, places: Sequence[Place]) -> list[str]:
    """All identifiers of whoever it belongs to, or it alone."""
    customer = next((place.customer_key for place in reversed(places) if place.is_somebodys), None)
    if customer is None:
        return [places[0].identifier_key]
    return sorted({place.identifier_key for place in places_of_customer(desk, customer)})


def _steps(desk: Desk, one: Place, other: Place) -> tuple[Step, ...]:
    members = [place.anchor for place in places_of_customer(desk, one.customer_key)]
    chain = path.shortest(path.links_among(desk, members), one.anchor, other.anchor)
    pairs = path.stored(chain)
    told, said = evidence.told(desk, pairs), evidence.decisions(desk, pairs)
    called = desk.names([key for pair in pairs for key in pair])
    between = [
        Step(called[here], called[there], told.get(stored, ()), said.get(stored))
        for (here, there), stored in zip(chain, pairs, strict=True)
    ]
    return (*_login(desk, one, is_first=True), *between, *_login(desk, other, is_first=False))


def _login(desk: Desk, place: Place, *, is_first: bool) -> list[Step]:
    """The step between a device and who logged in on it; none for an identifier of its own."""
    if place.assigned_to_key is None:
        return []
    called = desk.names((place.identifier_key, place.assigned_to_key))
    device, person = called[place.identifier_key], called[place.assigned_to_key]
    found = evidence.login(desk, place.identifier_key, place.assigned_to_key, place.valid_from)
    since = desk.day(place.valid_from)
    step = Step(
        one=device if is_first else person,
        other=person if is_first else device,
        login=found.title if found else "",
        login_at=found.login_at if found else None,
        since=since,
        until=place.valid_to,
    )
    return [step]
