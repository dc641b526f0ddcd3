"""Members whose stories hypothesis draws, and how any story gets into raw.

Here: orders, refunds, rewards and bookings of hundreds of members who share nothing, drawn towards the edges (the last
second of a year, a year to the second after another order, an amount that is just a tier's). Not here: what must come
of them (books.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as draw

from tests.scenarios.loyalty.books import YEAR, ZONE, Happening
from tests.scenarios.world import World

MEMBERS = 400
FIRST_DAY = date(2022, 1, 1)
DAYS = 1470
YEAR_ENDS = tuple(datetime(year, 12, 31, 15, 59, 58, tzinfo=UTC) for year in (2022, 2023, 2024, 2025))
Story = list[Happening]


def _moment(days: int, seconds: int) -> datetime:
    return datetime.combine(FIRST_DAY + timedelta(days=days), datetime.min.time(), ZONE) + timedelta(seconds=seconds)


MOMENTS = draw.one_of(
    draw.builds(_moment, draw.integers(0, DAYS), draw.integers(0, 86_000)), draw.sampled_from(YEAR_ENDS)
)
CENTS = draw.one_of(
    draw.integers(1, 300_000), draw.sampled_from([50, 99, 100, 200_000, 199_999, 400_000, 399_999, 100_000])
)


PAUSES = draw.builds(timedelta, days=draw.integers(60, 360), seconds=draw.integers(1, 80_000))
"""Between two orders of a regular, who keeps a tier."""


@draw.composite
def stories(pick: draw.DrawFn) -> Story:
    """One member's story; no two happenings at the same moment."""
    orders: Story = []
    is_regular = pick(draw.booleans())
    for number in range(pick(draw.integers(5 if is_regular else 1, 9))):
        if orders and pick(draw.integers(0, 7)) == 0:
            at = orders[-1].at + YEAR
        else:
            at = orders[-1].at + pick(PAUSES) if orders and is_regular else pick(MOMENTS)
        cents = pick(draw.integers(150_000, 450_000)) if is_regular else pick(CENTS)
        orders.append(Happening("order", at, f"o{number}", cents=cents))
    told = list(orders)
    for number, order in enumerate(orders):
        for again in range(pick(draw.sampled_from([0, 0, 0, 1, 2]))):
            at = order.at + timedelta(days=pick(draw.integers(0, 500)), seconds=17 + again)
            cents = max(1, order.cents * pick(draw.sampled_from([1, 3, 5, 10, 12])) // 10)
            told.append(Happening("refund", at, f"r{number}-{again}", cents=cents, order=order.name))
    for number in range(pick(draw.integers(0, 5))):
        kind = pick(draw.sampled_from(["reward", "reward", "booking"]))
        points = pick(draw.integers(1, 2500))
        is_given = kind == "booking" and pick(draw.booleans())
        told.append(Happening(kind, pick(MOMENTS), f"{kind}{number}", points=points if is_given else -points))
    return _apart(told)


def _apart(told: Story) -> Story:
    """Each happening a second of its own, within the days that are built."""
    last = _moment(DAYS, 0)
    kept: dict[datetime, Happening] = {}
    gone: set[str] = set()
    for item in told:
        if item.at >= last or item.at in kept or item.order in gone:
            gone.add(item.name)
            continue
        kept[item.at] = item
    return list(kept.values())


def drawn() -> dict[str, Story]:
    """The stories of `MEMBERS` members, the same in every run."""
    found: list[Story] = []

    @settings(
        max_examples=MEMBERS,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
    )
    @given(stories())
    def collect(story: Story) -> None:
        if story:
            found.append(story)

    collect()
    return {f"m{place:03d}": story for place, story in enumerate(found)}


def land(world: World, told: Mapping[str, Story]) -> None:
    """Put the stories of members, by their member id, into raw; all joined long before."""
    joined = [{"member_id_key": member, "registered_at": "2021-12-01 00:00+00"} for member in told]
    world.land("crm.member", joined)
    rows: dict[str, list[dict[str, str]]] = {}
    for member, story in told.items():
        for contract, row in (_row(member, item) for item in story):
            rows.setdefault(contract, []).append(row)
    for contract, found in rows.items():
        world.land(contract, found, at="2026-03-01 00:00+00")


def _row(member: str, item: Happening) -> tuple[str, dict[str, str]]:
    at, name, amount = item.at.astimezone(UTC).isoformat(), f"{member} {item.name}", f"{item.cents / 100:.2f}"
    if item.kind == "order":
        line = {"order_id": name, "order_line_id": "1", "ordered_at": at, "product_id": "oil", "quantity": "1"}
        return "pos.order_line", {**line, "store_id": "s1", "member_id_key": member, "sales_amount": amount}
    if item.kind == "refund":
        back = {"refund_id": name, "order_id": f"{member} {item.order}", "refunded_at": at, "store_id": "s1"}
        return "pos.refund", {**back, "refund_amount": amount}
    if item.kind == "reward":
        taken = {"redemption_id": name, "reward_id": item.name, "redeemed_at": at, "status": "taken"}
        return "loyalty.reward", {**taken, "member_id_key": member, "points": str(-item.points)}
    entry = {"entry_id": name, "entry_type": "adjust", "posted_at": at, "reason": "by hand"}
    return "loyalty.points", {**entry, "member_id_key": member, "points": str(item.points)}


def orders_of(prefix: str, told: Iterable[tuple[str, str]], *, shift: int = 0) -> Story:
    """A story of orders: day and hour in the brand's zone, and yuan."""
    return [
        Happening(
            "order",
            datetime.fromisoformat(f"{day}:00").replace(tzinfo=ZONE) + timedelta(days=shift),
            f"{prefix}{place}",
            cents=round(float(yuan) * 100),
        )
        for place, (day, yuan) in enumerate(told)
    ]
