"""From the contact plan to intents: decisions, operations and payloads, in one transaction.

Here: reading `activation.act_contact_plan` and `activation.act_contact_identifier`, and writing the ledger with
set-based SQL (planning_sql.py). Not here: who is a candidate and why not (models/activation), sending (dispatcher.py).
Every id follows from what it names, so planning the same plan again, after a kill or for caution, writes nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from orchestration.activation import planning_sql as statements
from orchestration.activation.adapters import adapters_of
from orchestration.activation.adapters.interface import Adapter
from orchestration.activation.clock import Clock, SystemClock
from orchestration.activation.delivery import Delivery, allowed
from orchestration.activation.errors import PlanRefused
from orchestration.activation.gate import require_open
from orchestration.brands import Brand
from orchestration.failpoints import failpoint
from orchestration.warehouse.connect import connect
from orchestration.warehouse.migrate import Connection


@dataclass(frozen=True)
class Route:
    """Which way a campaign's messages on one channel take. A channel no destination serves has `is_connected` false."""

    campaign_id: str
    channel: str
    destination_id: str
    kind: str
    delivery: Delivery
    is_connected: bool

    @property
    def sync_id(self) -> str:
        """The sync's name: campaign and destination."""
        return f"{self.campaign_id}__{self.destination_id}"


@dataclass(frozen=True)
class PlannedRun:
    """What planning one sync came to.

    `candidates` = `send` + the sum of `suppressed` (by reason); `added` of the `send` are new intents.
    """

    sync_id: str
    campaign_id: str
    destination_id: str
    delivery: Delivery
    candidates: int
    send: int
    suppressed: Mapping[str, int]
    added: int


@dataclass(frozen=True)
class PlanResult:
    """All runs of one planning."""

    as_of: date
    build_id: int
    runs: tuple[PlannedRun, ...]

    @property
    def candidates(self) -> int:
        """Candidates of all runs."""
        return sum(run.candidates for run in self.runs)

    @property
    def send(self) -> int:
        """Those to be written to."""
        return sum(run.send for run in self.runs)

    @property
    def added(self) -> int:
        """New intents."""
        return sum(run.added for run in self.runs)


def plan(brand: Brand, as_of: date, build_id: int, delivery: Delivery, *, clock: Clock | None = None) -> PlanResult:
    """Write the plan of `as_of`, made by build `build_id`, into the ledger.

    `delivery` is how far the command allows messages to go; each destination's own setting may shorten it. Raises
    GateClosed when the build is not the newest or not green, PlanRefused when the plan is of another day, older than
    one that was served, or at odds with the ledger. Whatever is raised, nothing was written.
    """
    clock = clock or SystemClock()
    with connect(brand.name, autocommit=True, application_name="touchstream plan") as connection:
        with connection.transaction():
            connection.execute("set local synchronous_commit = on")
            connection.execute(statements.ALONE)
            require_open(connection, build_id=build_id)
            _check_day(connection, as_of)
            adapters = adapters_of(brand, clock)
            routes = _routes(connection, brand, adapters, delivery)
            _register(connection, routes, adapters)
            _refuse_older(connection, routes, as_of)
            result = _write(connection, brand, as_of, build_id, routes, clock.now())
            require_open(connection, build_id=build_id)  # a build begun meanwhile may have changed what was just read
            failpoint("planning.before_commit")
        failpoint("planning.after_commit")
    return result


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last moment of a business day of that zone: what was known then was decided on."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone)) - timedelta(microseconds=1)


def _check_day(connection: Connection, as_of: date) -> None:
    days = [row[0] for row in connection.execute(statements.DAYS)]
    if any(day != as_of for day in days):
        raise PlanRefused(
            f"The contact plan is of {', '.join(map(str, days))}, not of {as_of}: build as of {as_of} first."
        )


def _routes(connection: Connection, brand: Brand, adapters: Mapping[str, Adapter], delivery: Delivery) -> list[Route]:
    by_channel: dict[str, list[str]] = {}
    for name, adapter in adapters.items():
        by_channel.setdefault(adapter.capabilities.channel, []).append(name)
    routes: list[Route] = []
    for campaign_id, channel in connection.execute(statements.CAMPAIGN_CHANNELS).fetchall():
        names = by_channel.get(channel, [])
        if len(names) > 1:
            raise PlanRefused(
                f"{brand.path.name}: {', '.join(names)} all serve {channel}; a brand has one destination per channel"
            )
        if names:
            setting = brand.file.destinations[names[0]]
            routes.append(
                Route(campaign_id, channel, names[0], setting.kind, allowed(setting.delivery, delivery), True)
            )
        else:
            routes.append(Route(campaign_id, channel, channel, "none", delivery, False))
    return routes


def _register(connection: Connection, routes: list[Route], adapters: Mapping[str, Adapter]) -> None:
    for route in {route.destination_id: route for route in routes}.values():
        able = adapters[route.destination_id].capabilities.as_json() if route.is_connected else {}
        connection.execute(statements.DESTINATION, (route.destination_id, route.kind, Jsonb(dict(able))))
    for route in routes:
        connection.execute(statements.SYNC, (route.sync_id, route.destination_id, route.campaign_id))


def _refuse_older(connection: Connection, routes: list[Route], as_of: date) -> None:
    for route in routes:
        row = connection.execute(statements.NEWEST_SERVED, (route.sync_id, route.delivery)).fetchone()
        if row and row[0] and row[0] > as_of:
            raise PlanRefused(
                f"{route.sync_id} was planned as of {row[0]} already: {as_of} is older and is not served any more."
            )


def _write(
    connection: Connection, brand: Brand, as_of: date, build_id: int, routes: list[Route], now: datetime
) -> PlanResult:
    moment = {"as_of": as_of, "build_id": build_id, "business_at": end_of_day(as_of, brand.file.time_zone), "now": now}
    connection.execute(statements.ROUTE_TABLE)
    for route in routes:
        connection.execute(statements.ROUTE, {**moment, **asdict(route), "sync_id": route.sync_id})
    connection.execute(statements.PLAN_TABLE, moment)
    connection.execute(statements.KNOW_THE_PLAN)
    connection.execute(statements.RUNS, moment)
    connection.execute(statements.DECISIONS, moment)
    added = dict(connection.execute(statements.OPERATIONS, moment).fetchall())
    if added:
        connection.execute(statements.KNOW_THE_INTENTS)
    connection.execute(statements.OPERATION_IDENTIFIERS)
    connection.execute(statements.DESIRED_MEMBERS)
    if added:
        connection.execute(statements.KNOW_THE_REST)
    _check_whole(connection)
    return PlanResult(as_of, build_id, tuple(_run(connection, route, added.get(route.sync_id, 0)) for route in routes))


def _check_whole(connection: Connection) -> None:
    """Every candidate to be written to has its intent, or nothing is written at all."""
    row = connection.execute(statements.WITHOUT_INTENT).fetchone()
    if row and row[0]:
        raise PlanRefused(
            f"{row[0]} candidates to be written to were given a message for the same occasion under another address"
            " since the plan was built. Build again: the new plan will know of it."
        )


def _run(connection: Connection, route: Route, added: int) -> PlannedRun:
    by_reason: dict[str, int] = {}
    send = 0
    for outcome, reason, count in connection.execute(statements.OUTCOMES, (route.sync_id,)):
        if outcome == "send":
            send += count
        else:
            by_reason[reason] = count
    counts = {"candidates": send + sum(by_reason.values()), "send": send, "added": added, "suppressed": by_reason}
    connection.execute(statements.RUN_COUNTS, (Jsonb(counts), route.sync_id))
    return PlannedRun(
        sync_id=route.sync_id,
        campaign_id=route.campaign_id,
        destination_id=route.destination_id,
        delivery=route.delivery,
        candidates=send + sum(by_reason.values()),
        send=send,
        suppressed=by_reason,
        added=added,
    )
