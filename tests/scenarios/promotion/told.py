"""A brand whose promotions did what the test says: what was sold anyway, and what each of them added, moved or took.

Here: what is drawn. Not here: how it is landed (landed.py), what should be told of it (oracle.py).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

FIRST_DAY = date(2025, 1, 6)
AS_OF = date(2025, 8, 15)
START, END = date(2025, 6, 2), date(2025, 6, 15)
HOLIDAY = date(2025, 5, 15)
AFTER_DAYS = 28
BUYER = "the buyer of everything at Tmall"
STORES = tuple(f"s{number:02d}" for number in range(1, 13))
LIFTS = ("lift", "switch", "ahead", "none", "season", "holiday")
"""What a promotion does: sells more, only moves sales from its neighbours, sells ahead, nothing (alone, in a season
that everybody shares, with a holiday of the exposed among the weeks before)."""


@dataclass(frozen=True)
class Line:
    """One line sold: to a known customer, or in a place."""

    customer: str
    place: str
    day: date
    product: str
    cents: int


@dataclass
class Promotion:
    """One promotion; `exposed`: customers or places. `extra`: cents it really added, by unit, to each part."""

    name: str
    kind: str
    exposed: frozenset[str]
    start: date = START
    end: date = END
    is_placed: bool = False
    is_costed: bool = True
    extra: dict[str, dict[str, int]] = field(default_factory=lambda: {"own": {}, "neighbour": {}, "after": {}})

    @property
    def own(self) -> str:
        """The promoted product."""
        return f"{self.name} own"

    @property
    def neighbour(self) -> str:
        """The other product of the category."""
        return f"{self.name} neighbour"

    def add(self, part: str, unit: str, cents: int) -> None:
        """Note what the promotion did to a unit."""
        self.extra[part][unit] = self.extra[part].get(unit, 0) + cents


@dataclass(frozen=True)
class Story:
    """Everything sold, every promotion, and who redeemed a voucher."""

    lines: Sequence[Line]
    promotions: Sequence[Promotion]
    redemptions: Sequence[tuple[str, str]]
    customers: Sequence[str]

    def named(self, name: str) -> Promotion:
        """The promotion of that name."""
        return next(one for one in self.promotions if one.name == name)

    @cached_property
    def purchases(self) -> dict[str, list[tuple[date, int]]]:
        """Days and cents of each customer."""
        found: dict[str, list[tuple[date, int]]] = {}
        for line in self.lines:
            if line.customer:
                found.setdefault(line.customer, []).append((line.day, line.cents))
        return found


def draw(seed: int, *, customers: int, repeats: int) -> Story:
    """Campaigns to customers and promotions of places, each about a category of its own."""
    chance = random.Random(seed)
    people = {f"c{number:03d}": chance.choice((0.0, 0.1, 0.25, 0.25, 0.4)) for number in range(customers)}
    promotions = [*_campaigns(chance, people, repeats), *_placed(repeats)]
    busy = {week: chance.uniform(0.75, 1.25) for week in range(40)}
    lines: list[Line] = []
    for one in promotions:
        usual = _placed_lines(chance, one, busy) if one.is_placed else _usual_lines(chance, one, people, busy)
        lines += _moved(chance, one, usual)
    redemptions = [
        (one.name, customer)
        for one in promotions
        if not one.is_placed
        for customer in sorted(people)
        if chance.random() < (0.2 if customer in one.exposed else 0.01)
    ]
    lines += [Line(name, "s01", date(2025, 1, 10), "bread", 900) for name in people]
    return Story(lines, promotions, redemptions, [*sorted(people), BUYER])


def _campaigns(chance: random.Random, people: dict[str, float], repeats: int) -> list[Promotion]:
    """Who buys more is more often written to; some campaigns cannot be judged, each for a reason of its own."""

    def reached(share: float) -> frozenset[str]:
        return frozenset(name for name in people if chance.random() < share + people[name] - 0.15)

    found = [
        Promotion(f"{kind}-{number}", kind, reached(0.5), is_costed=number > 0)
        for kind in LIFTS
        for number in range(repeats)
    ]
    names = sorted(people)
    return [
        *found,
        Promotion("few-exposed", "none", frozenset(chance.sample(names, 20))),
        Promotion("few-comparable", "none", frozenset(names) - frozenset(chance.sample(names, 15))),
        Promotion("early", "none", reached(0.5), start=date(2025, 1, 27), end=date(2025, 2, 9)),
        Promotion("running", "none", reached(0.5), start=date(2025, 8, 4), end=date(2025, 8, 31)),
        Promotion("young", "none", reached(0.5), start=date(2025, 7, 28), end=date(2025, 8, 10)),
    ]


def _placed(repeats: int) -> list[Promotion]:
    """What the Tmall store alone offers (calendar), and what four stores show (shown)."""
    kinds = ("lift", "switch", "ahead", "none", "season")
    shop = [
        Promotion(f"tmall-{kind}-{number}", kind, frozenset({"tmall"}), is_placed=True)
        for kind in kinds
        for number in range(repeats)
    ]
    shelves = [
        Promotion(f"shown-{kind}-{number}", kind, frozenset(STORES[:4]), is_placed=True)
        for kind in ("lift", "ahead", "none", "season")
        for number in range(repeats)
    ]
    return [*shop, *shelves, Promotion("everywhere", "none", frozenset({*STORES, "tmall"}), is_placed=True)]


def _days() -> list[tuple[int, date]]:
    """Every week's number and first day."""
    return [(number, FIRST_DAY + timedelta(days=7 * number)) for number in range((AS_OF - FIRST_DAY).days // 7 + 1)]


def _usual_lines(chance: random.Random, one: Promotion, people: dict[str, float], busy: dict[int, float]) -> list[Line]:
    found: list[Line] = []
    for number, monday in _days():
        for customer, rate in people.items():
            for product in (one.own, one.neighbour):
                if chance.random() < rate:
                    cents = int(chance.choice((800, 1500, 2400)) * busy[number])
                    day = monday + timedelta(days=chance.randrange(7))
                    found.append(Line(customer, "s01", day, product, cents))
    return [line for line in found if line.day <= AS_OF]


def _placed_lines(chance: random.Random, one: Promotion, busy: dict[int, float]) -> list[Line]:
    found: list[Line] = []
    for number, monday in _days():
        for rank, place in enumerate((*STORES, "tmall")):
            for product in (one.own, one.neighbour):
                for _ in range(chance.randrange(2, 5) + (rank % 3) + (8 if place == "tmall" else 0)):
                    cents = int(chance.choice((800, 1500, 2400)) * busy[number])
                    day = monday + timedelta(days=chance.randrange(7))
                    found.append(Line(*_named(place, one), day, product, cents))
    return [line for line in found if line.day <= AS_OF]


def _moved(chance: random.Random, one: Promotion, usual: Sequence[Line]) -> list[Line]:
    """The lines as they were with the promotion: the same, moved to its product, missing later; and more."""
    lines: list[Line] = []
    for line in usual:
        unit = line.place if one.is_placed else line.customer
        is_during, is_after = one.start <= line.day <= one.end, 0 < (line.day - one.end).days <= AFTER_DAYS
        is_exposed = unit in one.exposed
        if one.kind == "season" and is_during:
            lines.append(replace(line, cents=2 * line.cents))
        elif one.kind == "switch" and is_exposed and is_during and line.product == one.neighbour:
            one.add("own", unit, line.cents)
            one.add("neighbour", unit, -line.cents)
            lines.append(replace(line, product=one.own))
        elif one.kind == "ahead" and is_exposed and is_after and line.product == one.own and chance.random() < 0.9:
            one.add("after", unit, -line.cents)
        elif one.kind == "holiday" and is_exposed and line.day == HOLIDAY:
            lines.append(replace(line, cents=9 * line.cents))
        else:
            lines.append(line)
    if one.kind in ("lift", "ahead"):
        lines += [_more(one, unit, day) for unit in sorted(one.exposed) for day in _own_days(chance, one)]
    return lines


def _own_days(chance: random.Random, one: Promotion) -> list[date]:
    count = chance.randrange(3) if not one.is_placed else chance.randrange(12, 20)
    length = (one.end - one.start).days + 1
    return [one.start + timedelta(days=chance.randrange(length)) for _ in range(count)]


def _more(one: Promotion, unit: str, day: date) -> Line:
    cents = 5000 if one.is_placed else 2000
    one.add("own", unit, cents)
    return Line(*_named(unit, one), day, one.own, cents)


def _named(unit: str, one: Promotion) -> tuple[str, str]:
    """Customer and place of a unit: a store's buyers are nobody known, Tmall's are one."""
    if not one.is_placed:
        return unit, "s01"
    return (BUYER if unit == "tmall" else ""), unit
