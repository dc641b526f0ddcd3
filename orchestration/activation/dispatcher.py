"""The dispatcher: pending operations leave, each at most once, until nothing is due.

Here: the order of things for each destination: take stock, claim under an open gate, commit the intent, send, record,
wait. It reads no dbt relation, so a plan changes nothing that was decided. Not here: states (ledger.py), conversations
(adapters/), who is written to (planning.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from orchestration.activation.adapters import adapters_of
from orchestration.activation.adapters.interface import Adapter, Message
from orchestration.activation.clock import Clock, SystemClock
from orchestration.activation.content import EmptyValueError, Templates
from orchestration.activation.delivery import Delivery, allowed
from orchestration.activation.errors import ActivationError, ReconcileUnavailable
from orchestration.activation.gate import require_open
from orchestration.activation.ledger import BACK_OFF_SECONDS, Batch, Ledger, Loaded
from orchestration.activation.pace import Pace
from orchestration.brands import Brand, Destination
from orchestration.failpoints import failpoint
from orchestration.warehouse.connect import connect
from orchestration.warehouse.migrate import Connection

_SHORTEST_WAIT = 0.01


@dataclass(frozen=True)
class DestinationResult:
    """What one dispatch did for one destination.

    `did`: operations by what became of them now (accepted, retry, rejected, unknown, not_sent; expired, suppressed,
    cancelled; lapsed, found, absent, abandoned). `states`: all operations of this delivery by state, afterwards.
    `trouble`: what is wrong with the destination, without any address; None when all went its way.
    """

    destination_id: str
    delivery: Delivery
    did: Mapping[str, int]
    states: Mapping[str, int]
    trouble: str | None

    @property
    def sent(self) -> int:
        """Messages the destination took in this dispatch."""
        return self.did.get("accepted", 0)


@dataclass(frozen=True)
class DispatchResult:
    """What one dispatch did, by destination."""

    destinations: tuple[DestinationResult, ...]

    @property
    def sent(self) -> int:
        """Messages taken in this dispatch by all destinations."""
        return sum(item.sent for item in self.destinations)


Progress = Callable[[str, Mapping[str, int]], None]
"""Called after each batch with the destination and what was done so far (as DestinationResult.did)."""


@dataclass
class _Work:
    """One destination being drained."""

    ledger: Ledger
    adapter: Adapter
    setting: Destination
    templates: Templates
    pace: Pace
    clock: Clock
    did: Counter[str] = field(default_factory=Counter[str])
    trouble: str | None = None
    blindness: str | None = None  # why the destination's record of what it took cannot be read
    rest_until: datetime | None = None


def dispatch(
    brand: Brand,
    *,
    delivery: Delivery,
    destinations: Collection[str] | None = None,
    clock: Clock | None = None,
    wait_seconds: float = 0.0,
    on_progress: Progress | None = None,
) -> DispatchResult:
    """Send what is pending, destination by destination, and settle what earlier dispatches left.

    `destinations`: names in the brand file; None is all of them. `delivery` is how far the command allows messages to
    go; a destination's own setting may shorten it. `wait_seconds`: how long to wait in all for retries, leases and
    settling that come due. Raises GateClosed when the newest build may not be sent from, ContentError when a template
    does not fit, ActivationError when a destination's settings are wrong or the database goes away in the middle
    (messages then in flight are settled by the next dispatch).
    """
    clock = clock or SystemClock()
    chosen = brand.file.destinations if destinations is None else destinations
    adapters = {name: adapter for name, adapter in adapters_of(brand, clock).items() if name in chosen}
    _check_settings(brand, adapters)
    deadline = clock.now() + timedelta(seconds=wait_seconds)
    results: list[DestinationResult] = []
    try:
        with connect(brand.name, autocommit=True, application_name="touchstream dispatch") as connection:
            connection.execute("set synchronous_commit = on")
            for name, adapter in adapters.items():
                work = _work(connection, brand, name, adapter, delivery, clock)
                _drain(work, deadline, on_progress)
                results.append(_result(work))
    except psycopg.OperationalError as error:
        raise ActivationError(
            "The database went away while messages were on their way. None is sent twice: `touchstream status` shows"
            " what is in flight, and the next dispatch settles it."
        ) from error
    return DispatchResult(tuple(results))


def _check_settings(brand: Brand, adapters: Mapping[str, Adapter]) -> None:
    wrong = [f"destinations.{name}.{told}" for name, adapter in adapters.items() for told in adapter.check_settings()]
    if wrong:
        raise ActivationError(f"{brand.path.name}: {'; '.join(wrong)}")


def _work(connection: Connection, brand: Brand, name: str, adapter: Adapter, delivery: Delivery, clock: Clock) -> _Work:
    setting = brand.file.destinations[name]
    ledger = Ledger(connection, name, setting, allowed(setting.delivery, delivery), clock)
    return _Work(ledger, adapter, setting, Templates(brand.file.language), Pace(setting.rate_per_second, clock), clock)


def _result(work: _Work) -> DestinationResult:
    work.ledger.update_runs()
    did = {name: count for name, count in work.did.items() if count}
    return DestinationResult(
        work.ledger.destination_id, work.ledger.delivery, did, work.ledger.states(), work.trouble or work.blindness
    )


def _drain(work: _Work, deadline: datetime, on_progress: Progress | None) -> None:
    while True:
        _take_stock(work)
        if work.rest_until is None or work.rest_until <= work.clock.now():
            work.rest_until = None
            while _one_round(work):
                if on_progress is not None:
                    on_progress(work.ledger.destination_id, dict(work.did))
        due = _due(work)
        if due is None or due > deadline:
            return
        work.clock.sleep(max(_SHORTEST_WAIT, (due - work.clock.now()).total_seconds()))


def _due(work: _Work) -> datetime | None:
    return work.rest_until or work.ledger.next_due(work.adapter, is_blind=work.blindness is not None)


def _take_stock(work: _Work) -> None:
    try:
        stock = work.ledger.take_stock(work.adapter)
    except ReconcileUnavailable as error:
        work.blindness = f"Messages whose answer was lost cannot be settled: {error}"
        return
    work.blindness = None
    work.did.update(
        {"lapsed": stock.lapsed, "found": stock.found, "absent": stock.absent, "abandoned": stock.abandoned}
    )


def _one_round(work: _Work) -> bool:
    """One batch of every sync, so that none waits for another to end. False when nothing was due."""
    taken = [_one_batch(work, sync_id) for sync_id in work.ledger.syncs()]
    return any(taken)


def _one_batch(work: _Work, sync_id: str) -> bool:
    """Claim, send and record one batch of a sync. False when nothing of it is due, or the destination rests."""
    if work.rest_until is not None:
        return False
    claimed, batch, messages = _claim(work, sync_id)
    if batch is None:
        return claimed > 0
    report = work.adapter.send(messages, lambda: _permission(work, batch))
    work.ledger.record(batch, report)
    work.did.update(Counter(row.outcome for row in report.rows))
    work.trouble = report.trouble
    if report.trouble is not None or all(row.outcome == "not_sent" for row in report.rows):
        work.rest_until = work.clock.now() + timedelta(seconds=BACK_OFF_SECONDS)
    return True


def _permission(work: _Work, batch: Batch) -> float:
    work.pace.wait()
    return work.ledger.seconds_left(batch)


def _claim(work: _Work, sync_id: str) -> tuple[int, Batch | None, list[Message]]:
    """How many operations were taken up, the committed intent for those that can be sent, and their messages."""
    ledger = work.ledger
    with ledger.connection.transaction():
        require_open(ledger.connection)
        claimed = ledger.claim(sync_id, work.adapter.capabilities.batch_max)
        if not claimed:
            return 0, None, []
        expired = ledger.expire(claimed)
        suppressed = ledger.suppress([op_id for op_id in claimed if op_id not in expired])
        work.did.update({"expired": len(expired), "suppressed": len(suppressed)})
        left = [op_id for op_id in claimed if op_id not in expired | suppressed]
        messages = _messages(work, ledger.load(left))
        batch = ledger.open_batch(sync_id, [message.op_id for message in messages]) if messages else None
        failpoint("sending.before_intent_commit")
    failpoint("sending.after_intent_commit")
    return len(claimed), batch, messages


def _messages(work: _Work, rows: Sequence[Loaded]) -> list[Message]:
    """The messages that can leave; all others are ended here, each with its reason."""
    messages: list[Message] = []
    for row in rows:
        message = _message(work, row)
        if message is not None and not _ends_here(work, message):
            messages.append(message)
    return messages


def _message(work: _Work, row: Loaded) -> Message | None:
    refused = "the vault holds no address for it" if row.address is None else work.adapter.refusal(row.address)
    if row.address is None or refused is not None:
        return _end(work, row.op_id, "dead", "address", "not_an_address", refused)
    try:
        content = work.templates.render(row.content_key, {**row.payload, **work.adapter.links(row.op_id)})
    except EmptyValueError as error:
        return _end(work, row.op_id, "dead", "content", "empty_value", str(error))
    return Message(row.op_id, row.address, content)


def _ends_here(work: _Work, message: Message) -> bool:
    """Whether this delivery stops short of the address: a rehearsal always, a test for whoever is not on its list."""
    if work.ledger.delivery == "dry_run":
        _end(work, message.op_id, "cancelled", "delivery", "dry_run")
        return True
    if work.ledger.delivery == "test" and message.address.lower() not in {
        item.lower() for item in work.setting.test_recipients
    }:
        _end(work, message.op_id, "cancelled", "delivery", "not_a_test_recipient")
        return True
    return False


def _end(
    work: _Work, op_id: UUID, state: str, error_class: str, error_code: str, error_text: str | None = None
) -> None:
    work.ledger.finish(op_id, state, error_class, error_code, error_text)
    work.did[state] += 1
