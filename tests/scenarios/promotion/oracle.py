"""What should be told of a promotion, by numpy and scipy from the story itself.

Here: the definitions of docs/promotion.md over again, for the default rules. Not here: any SQL, any seed; the numbers
of the rules stand here once more, so that a changed default is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tests.scenarios.promotion.told import AFTER_DAYS, FIRST_DAY, HOLIDAY, STORES, Line, Promotion, Story

Floats = NDArray[np.float64]
SPENDS = (0.01, 100, 200, 500, 1000, 2000)
WEEKS = (1, 2, 4, 6)
SILENCES = (15, 29, 57, 113, 225)
COST = 4.0


@dataclass(frozen=True)
class Part:
    """An effect, and how far its interval reaches to each side, in the brand's money."""

    effect: float
    error: float


@dataclass(frozen=True)
class Telling:
    """One promotion told. `weight`: of every compared unit; `measured`: exposed units that are compared with."""

    exposed: int
    measured: frozenset[str]
    weight: dict[str, float]
    weeks: int
    own: Part
    own_margin: Part
    neighbour: Part
    after: Part

    def truth(self, one: Promotion, part: str) -> float:
        """What the promotion really did to those who are measured."""
        return sum(one.extra[part].get(unit, 0) for unit in self.measured) / 100


def weeks_before(one: Promotion) -> list[date]:
    """First days of the weeks that it is compared with: the nearest eight of twelve without the holiday."""
    mondays = [one.start - timedelta(days=7 * number) for number in range(1, 13)]
    kept = [day for day in mondays if day >= FIRST_DAY and not 0 <= (HOLIDAY - day).days < 7]
    return kept[:8]


def tell(story: Story, one: Promotion) -> Telling:
    """The promotion as it should be told."""
    mine = [line for line in story.lines if line.product in (one.own, one.neighbour)]
    if one.is_placed:
        measured, weight = one.exposed, dict.fromkeys(_compared_places(one), 1.0)
    else:
        measured, weight = _alike(story, one)
    weigh = _Weighing(one, measured, weight, mine)
    after = one.end + timedelta(days=1), one.end + timedelta(days=AFTER_DAYS)
    return Telling(
        exposed=len(one.exposed) + (one.name.startswith("shown")),
        measured=measured,
        weight=weight,
        weeks=len(weeks_before(one)),
        own=weigh.part(one.own, one.start, one.end, lambda line: line.cents / 100),
        own_margin=weigh.part(one.own, one.start, one.end, lambda line: line.cents / 100 - COST),
        neighbour=weigh.part(one.neighbour, one.start, one.end, lambda line: line.cents / 100),
        after=weigh.part(one.own, *after, lambda line: line.cents / 100),
    )


@dataclass(frozen=True)
class _Weighing:
    one: Promotion
    measured: frozenset[str]
    weight: dict[str, float]
    lines: list[Line]

    def part(self, product: str, first: date, last: date, worth: Callable[[Line], float]) -> Part:
        """Difference in differences of one product over one span."""
        spans = [(day, day + timedelta(days=6)) for day in weeks_before(self.one)] + [(first, last)]
        exposed, compared = self._sums(product, spans, worth)
        sold, sold_there = self._sums(product, spans, lambda line: line.cents / 100)
        scale = sold[:-1].sum() / sold_there[:-1].sum() if self.one.is_placed else 1.0
        difference = exposed - scale * compared
        length = ((last - first).days + 1) / 7
        effect = difference[-1] - difference[:-1].mean() * length
        busier = max(1.0, sold_there[-1] / length / sold_there[:-1].mean())
        weeks = len(spans) - 1
        spread = difference[:-1].std(ddof=1) * np.sqrt(length * busier + (length * busier) ** 2 / weeks)
        return Part(float(effect), float(stats.t.ppf(0.975, weeks - 1) * spread))

    def _sums(
        self, product: str, spans: list[tuple[date, date]], worth: Callable[[Line], float]
    ) -> tuple[Floats, Floats]:
        exposed, compared = np.zeros(len(spans)), np.zeros(len(spans))
        for line in self.lines:
            unit = line.place if self.one.is_placed else line.customer
            if line.product != product:
                continue
            for place, (first, last) in enumerate(spans):
                if first <= line.day <= last:
                    exposed[place] += worth(line) if unit in self.measured else 0.0
                    compared[place] += worth(line) * self.weight.get(unit, 0.0)
        return exposed, compared


def _compared_places(one: Promotion) -> list[str]:
    """The stores without it: of a calendar all of them, of a shelf those that never showed it within the window."""
    return list(STORES) if not one.name.startswith("shown") else list(STORES[6:])


def _alike(story: Story, one: Promotion) -> tuple[frozenset[str], dict[str, float]]:
    """Who was reached and has somebody alike, and the weight of everybody alike who was not."""
    kinds = {name: _kind(story, one, name) for name in story.customers}
    reached = Counter(kinds[name] for name in one.exposed if kinds[name] is not None)
    others = Counter(kinds[name] for name in story.customers if name not in one.exposed and kinds[name] is not None)
    measured = frozenset(name for name in one.exposed if others[kinds[name]] > 0 and kinds[name] is not None)
    weight = {
        name: reached[kinds[name]] / others[kinds[name]]
        for name in story.customers
        if name not in one.exposed and reached[kinds[name]] > 0
    }
    return measured, weight


def _kind(story: Story, one: Promotion, customer: str) -> tuple[int, int, int] | None:
    bought = [(day, cents) for day, cents in story.purchases.get(customer, []) if day < one.start]
    if not bought:
        return None
    mondays = weeks_before(one)
    within = [(day, cents) for day, cents in bought if any(0 <= (day - monday).days < 7 for monday in mondays)]
    spent = sum(cents for _, cents in within) / 100
    count = sum(any(0 <= (day - monday).days < 7 for day, _ in within) for monday in mondays)
    silence = (one.start - max(day for day, _ in bought)).days
    bands = ((spent, SPENDS), (count, WEEKS), (silence, SILENCES))
    first, second, third = (sum(value >= cut for cut in cuts) for value, cuts in bands)
    return first, second, third
