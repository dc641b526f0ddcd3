"""An oracle of points and tiers: each member's story lived through in order, with a queue of lots and a clock.

Here: the rules of the demo brand as docs/loyalty.md words them, in plain Python that shares nothing with the SQL, and a
wrong expiry to be told from the right one. Not here: how stories are drawn and landed (histories.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = timedelta(days=365)
TIERS = (("Bronze", 0), ("Silver", 200_000), ("Gold", 400_000))
"""Tiers and the spend in hundredths that reaches them."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a member. `cents` of an order or a refund, `points` of a reward or a booking."""

    kind: str
    at: datetime
    name: str
    cents: int = 0
    points: int = 0
    order: str = ""


@dataclass
class Lot:
    """Points that came at once: what is left of them, what was used, what expired."""

    name: str
    year: int
    left: int
    used: int = 0
    expired: int = 0


@dataclass
class Points:
    """The book of one member: lots in the order in which they came, the debt, the balance after every year's end."""

    lots: list[Lot] = field(default_factory=list[Lot])
    debt: int = 0
    balance_on: dict[date, int] = field(default_factory=dict[date, int])

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots) - self.debt

    def come(self, name: str, year: int, points: int) -> None:
        """A new lot; a debt is paid from it first."""
        lot = Lot(name, year, points)
        paid = min(self.debt, points)
        lot.left, lot.used, self.debt = points - paid, paid, self.debt - paid
        self.lots.append(lot)

    def leave(self, points: int) -> None:
        """Take points from the oldest lots; what they do not hold is owed."""
        queue = deque(lot for lot in self.lots if lot.left)
        while points and queue:
            lot = queue.popleft()
            taken = min(points, lot.left)
            lot.left, lot.used, points = lot.left - taken, lot.used + taken, points - taken
        self.debt += points

    def expire(self, year: int) -> None:
        """At the end of a year, what came in the year before and is left."""
        for lot in self.lots:
            if lot.year == year - 1:
                lot.expired, lot.left = lot.expired + lot.left, 0
        self.balance_on[date(year, 12, 31)] = self.balance


def points_of(story: Iterable[Happening], as_of: date, *, is_naive: bool = False) -> Points:
    """Live through a member's story. `is_naive`: lots expire whole, whatever was used of them."""
    book, earned, back = Points(), dict[str, int](), dict[str, int]()
    waiting = deque(sorted(story, key=lambda item: item.at))
    for year in range(min((item.at.year for item in waiting), default=as_of.year), as_of.year + 1):
        year_end = datetime(year + 1, 1, 1, tzinfo=ZONE)
        while waiting and waiting[0].at < year_end:
            _moved(book, waiting.popleft(), earned, back)
        if date(year, 12, 31) <= as_of:
            if is_naive:
                _expire_whole(book, year)
            else:
                book.expire(year)
    return book


def _moved(book: Points, item: Happening, earned: dict[str, int], back: dict[str, int]) -> None:
    year = item.at.astimezone(ZONE).year
    if item.kind == "order":
        earned[item.name] = item.cents // 100
        if earned[item.name]:
            book.come(item.name, year, earned[item.name])
    elif item.kind == "refund":
        rest = earned[item.order] - back.get(item.order, 0)
        taken = min(item.cents // 100, rest)
        back[item.order] = back.get(item.order, 0) + taken
        book.leave(taken)
    elif item.points > 0:
        book.come(item.name, year, item.points)
    else:
        book.leave(-item.points)


def _expire_whole(book: Points, year: int) -> None:
    for lot in book.lots:
        if lot.year == year - 1:
            lot.expired, lot.used, lot.left = lot.expired + lot.left + lot.used, 0, 0
    book.balance_on[date(year, 12, 31)] = book.balance


@dataclass(frozen=True)
class Step:
    """A tier from a moment on, and why."""

    tier: str
    at: datetime
    reason: str


def _level(cents: int) -> int:
    return max(place for place, (_, threshold) in enumerate(TIERS) if cents >= threshold)


def tiers_of(story: Iterable[Happening], as_of: date) -> list[Step]:
    """The tiers of a member: up with an order, judged a year after the last rise or judgement."""
    orders = sorted((item for item in story if item.kind == "order"), key=lambda item: item.at)
    end = datetime.combine(as_of + timedelta(days=1), datetime.min.time(), ZONE)
    steps: list[Step] = []
    for moment, order in _moments(orders, end):
        while (due := _due(steps)) is not None and due < end and due <= moment:
            steps.append(_judged(steps, orders, due))
        if order is None:
            continue
        spent = sum(item.cents for item in orders if moment - YEAR < item.at <= moment)
        level = _level(spent)
        if not steps or level > _place(steps[-1]):
            if steps and steps[-1].at == moment:
                steps.pop()  # what is held for no time is no tier
            steps.append(Step(TIERS[level][0], moment, "reached"))
    return steps


def _moments(orders: list[Happening], end: datetime) -> Iterator[tuple[datetime, Happening | None]]:
    yield from ((order.at, order) for order in orders)
    yield end, None


def _place(step: Step) -> int:
    return [name for name, _ in TIERS].index(step.tier)


def _due(steps: list[Step]) -> datetime | None:
    return (steps[-1].at.astimezone(UTC) + YEAR) if steps and _place(steps[-1]) else None


def _judged(steps: list[Step], orders: list[Happening], due: datetime) -> Step:
    last = steps[-1]
    since = [item for item in orders if last.at <= item.at < due]
    spent = sum(item.cents for item in since if item.at > last.at or last.reason != "reached")
    place = min(_level(spent), _place(last))
    return Step(TIERS[place][0], due, "kept" if place == _place(last) else "fell")
