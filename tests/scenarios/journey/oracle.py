"""Journeys told once more, touch by touch: where they begin, lead to a purchase and end, their paths, the flow.

Here: the rules of docs/stream.md, read from the stream alone (core.fct_event). Not here: anything of the models.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

STAGES = ("seek", "aware", "interest", "intent", "purchase", "use", "loyal")
FAMILIES = {"store": "store", "web": "web", "shop": "web", "sms": "sms", "mail": "mail", "crm": "crm"}
BOOKS = {"crm"}
IDLE = timedelta(days=90)


class Touch(NamedTuple):
    """A row of the stream."""

    customer: str
    at: datetime
    event_id: str
    on: date
    channel: str
    touchpoint: str
    direction: str
    engagement: str
    stage: str | None
    session: str | None

    @property
    def is_own(self) -> bool:
        """Something the customer did."""
        return self.direction == "inbound" and self.engagement != "other"


COLUMNS = """
    customer_key, event_at, event_id, event_date, channel, touchpoint, direction, engagement, journey_stage, session_id
"""


@dataclass
class Journey:
    """One journey: its touches in their order, the stages it rose to with the moment of each, the end by silence."""

    touches: list[Touch]
    rises: list[tuple[datetime, str]]
    silent_at: datetime | None

    @property
    def purchase(self) -> Touch | None:
        """The first purchase."""
        return next((one for one in self.touches if one.stage == "purchase"), None)

    @property
    def own(self) -> list[Touch]:
        """What the customer did in it."""
        return [one for one in self.touches if one.is_own]

    @property
    def has_left(self) -> bool:
        """Whether leaving was the last thing the customer did."""
        return bool(self.own) and self.own[-1].engagement == "left"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.has_left or self.silent_at is not None

    @property
    def entry(self) -> Touch:
        """The first sign."""
        return next(one for one in self.touches if one.stage)

    @property
    def conversion(self) -> Touch | None:
        """What led to the first purchase."""
        bought = self.purchase
        return bought and next((one for one in reversed(self.own) if one.at < bought.at), bought)

    @property
    def exit(self) -> Touch | None:
        """Where it ended."""
        return self.own[-1] if self.has_left else self.touches[-1] if self.is_over else None

    def stage_at(self, at: datetime) -> str:
        """The furthest stage come to by then."""
        return [stage for moment, stage in self.rises if moment <= at][-1]


def journeys(touches: Sequence[Touch], end: datetime) -> Iterator[tuple[list[Journey], list[Touch]]]:
    """Customer by customer, the journeys and the touches outside any; `end` is the first moment that is not known."""
    by_customer: dict[str, list[Touch]] = defaultdict(list)
    for one in sorted(touches, key=lambda touch: (touch.at, touch.event_id)):
        by_customer[one.customer].append(one)
    for own in by_customer.values():
        signs: list[list[Touch]] = []
        for one in own:
            if one.stage and signs and one.at - signs[-1][-1].at <= IDLE:
                signs[-1].append(one)
            elif one.stage:
                signs.append([one])
        found = [_journey(group, own, end) for group in signs]
        inside = {one.event_id for journey in found for one in journey.touches}
        yield found, [one for one in own if one.event_id not in inside]


def _journey(signs: Sequence[Touch], own: Sequence[Touch], end: datetime) -> Journey:
    due = signs[-1].at + IDLE
    silent_at = due if due < end else None
    rises: list[tuple[datetime, str]] = []
    for at in sorted({one.at for one in signs}):
        stage = max((one.stage or "" for one in signs if one.at == at), key=STAGES.index)
        if not rises or STAGES.index(stage) > STAGES.index(rises[-1][1]):
            rises.append((at, stage))
    inside = [one for one in own if signs[0].at <= one.at and (silent_at is None or one.at < silent_at)]
    return Journey(inside, rises, silent_at)


def touchpoint_map(touches: Sequence[Touch], end: datetime) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """By month, stage, channel and touchpoint the counts, in the order of the mart's columns."""
    counts: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    customers: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for found, outside in journeys(touches, end):
        for one in outside:
            cell = (one.on.replace(day=1), "none", one.channel, one.touchpoint)
            counts[cell]["touch"] += 1
            customers[cell].add(one.customer)
        for journey in found:
            cells: set[tuple[Any, ...]] = set()
            for one in journey.touches:
                cell = (one.on.replace(day=1), journey.stage_at(one.at), one.channel, one.touchpoint)
                counts[cell] += Counter(_points(journey, one))
                customers[cell].add(one.customer)
                cells.add(cell)
            for cell in cells:
                counts[cell]["journey"] += 1
                counts[cell]["decided"] += journey.is_over or journey.purchase is not None
                counts[cell]["ended"] += journey.is_over
    order = ("touch", "customer", "journey", "decided", "ended", "entry", "conversion", "exit", "last own")
    return {
        cell: tuple(len(customers[cell]) if name == "customer" else found[name] for name in order)
        for cell, found in counts.items()
    }


def _points(journey: Journey, one: Touch) -> Iterator[str]:
    yield "touch"
    if one == journey.entry:
        yield "entry"
    if one == journey.conversion:
        yield "conversion"
    if one == journey.exit:
        yield "exit"
    if journey.is_over and journey.own and one == journey.own[-1]:
        yield "last own"


def paths(
    touches: Sequence[Touch], end: datetime, zone: ZoneInfo, *, since: date, kept: int, most: int
) -> dict[str, tuple[int, int, int, float | None]]:
    """By path the journeys, customers, conversions and median days, of those decided after `since`."""
    told: list[tuple[str, str, int | None]] = []
    for found, _ in journeys(touches, end):
        for journey in found:
            bought = journey.purchase
            over_at = journey.own[-1].at if journey.has_left else journey.silent_at
            decided_at = bought.at if bought else over_at
            if decided_at and decided_at.astimezone(zone).date() > since:
                first = journey.rises[0][0].astimezone(zone).date()
                days = (bought.at.astimezone(zone).date() - first).days if bought else None
                told.append((_path(journey, most), journey.touches[0].customer, days))
    sizes = Counter(path for path, _, _ in told)
    best = sorted(sizes, key=lambda path: (-sizes[path], path))[:kept]
    grouped: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for path, customer, days in told:
        grouped[path if path in best else "other"].append((customer, days))
    return {path: _figures(rows) for path, rows in grouped.items()}


def _path(journey: Journey, most: int) -> str:
    bought = journey.purchase
    visits: dict[tuple[str, str], datetime] = {}
    for one in journey.own:
        if one.channel not in BOOKS and (bought is None or one.at <= bought.at):
            visits.setdefault((FAMILIES[one.channel], one.session or one.on.isoformat()), one.at)
    ordered = sorted((at, family, visit) for (family, visit), at in visits.items())
    steps = [family for place, (_, family, _) in enumerate(ordered) if not place or ordered[place - 1][1] != family]
    shown = steps[-most:]
    return " > ".join(["..."] * (len(steps) > most) + shown) or "none"


def _figures(rows: Sequence[tuple[str, int | None]]) -> tuple[int, int, int, float | None]:
    days = [one for _, one in rows if one is not None]
    return len(rows), len({customer for customer, _ in rows}), len(days), float(median(days)) if days else None


def flow(touches: Sequence[Touch], end: datetime, zone: ZoneInfo) -> dict[tuple[Any, ...], tuple[int, int, Any]]:
    """By month, stage before and after: journeys, customers, median days in the stage before."""
    moves: dict[tuple[Any, ...], list[tuple[str, int | None]]] = defaultdict(list)
    for found, _ in journeys(touches, end):
        for journey in found:
            customer = journey.touches[0].customer
            for month, before, after, days in _moves(journey, end, zone):
                moves[month, before, after].append((customer, days))
    return {
        step: (len(rows), len({who for who, _ in rows}), _median(days for _, days in rows))
        for step, rows in moves.items()
    }


def _median(days: Iterable[int | None]) -> float | None:
    known = [one for one in days if one is not None]
    return float(median(known)) if known else None


def _moves(journey: Journey, end: datetime, zone: ZoneInfo) -> Iterator[tuple[date, str, str, int | None]]:
    first = journey.rises[0]
    yield first[0].astimezone(zone).date().replace(day=1), "entered", first[1], None
    ends = [*(at for at, _ in journey.rises[1:]), journey.silent_at]
    nexts = [*(stage for _, stage in journey.rises[1:]), "left"]
    for (begun, stage), over, after in zip(journey.rises, ends, nexts, strict=True):
        day = begun.astimezone(zone).date()
        last = (over or end).astimezone(zone).date()
        month = _next_month(day)
        while month <= last:
            yield (month - timedelta(days=1)).replace(day=1), stage, stage, (month - day).days
            month = _next_month(month)
        if over:
            yield last.replace(day=1), stage, after, (last - day).days


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a business day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
