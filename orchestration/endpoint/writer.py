"""Pushes into the inbox: durable before anybody is answered.

Here: one thread with one connection that writes whatever has come in while it was committing, so that many requests
share a commit; and the limit on what may wait. Not here: the statements (sources/push/inbox.py), HTTP (app.py).
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

import psycopg

from orchestration.brands import Brand
from orchestration.failpoints import failpoint
from orchestration.sources.push import inbox
from orchestration.sources.push.inbox import Connection, Load, Push
from orchestration.warehouse import connect
from orchestration.warehouse.errors import WarehouseError

LOGGER = logging.getLogger("touchstream.endpoint")
GROUP_PUSHES, GROUP_BYTES = 500, 32 << 20
QUEUED_BYTES = 128 << 20
"""Bodies in memory, not yet written."""
LOOK_SECONDS = 1.0
"""How old what we know of the inbox may be."""
_IMPATIENT = "-c statement_timeout=20s -c lock_timeout=20s"


class InboxFullError(RuntimeError):
    """More waits to be landed than the endpoint may pile up; the push was not taken."""


class InboxUnavailableError(RuntimeError):
    """The inbox could not be written to. Whether it was is not known: the sender has to try again, which is safe."""


@dataclass(frozen=True)
class Limits:
    """What may wait in the inbox before new pushes are turned away."""

    pushes: int = 20_000
    body_bytes: int = 1 << 30


@dataclass(frozen=True)
class _Letter:
    """A push to write, or None for a look whether one could be; and where the answer is waited for."""

    push: Push | None
    answer: Future[bool]

    @property
    def size(self) -> int:
        return len(self.push.body) if self.push else 0


class Writer:
    """Writes pushes to a brand's inbox, from `start` to `close`."""

    def __init__(self, brand: Brand, *, limits: Limits | None = None) -> None:
        self._brand = brand
        self._limits = limits or Limits()
        self._letters: queue.Queue[_Letter | None] = queue.Queue()
        self._queued_bytes = 0
        self._counting = threading.Lock()
        self._connection: Connection | None = None
        self._load = Load(0, 0)
        self._looked_at = float("-inf")
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name="inbox writer", daemon=True)
        self._is_open = False
        self.ended_well = False
        """Whether it stopped because it was told to."""

    def start(self) -> None:
        """Begin to write."""
        self._is_open = True
        self._thread.start()

    def close(self) -> None:
        """Write what was put before, then stop."""
        self._is_open = False
        self._letters.put(None)
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether pushes are taken."""
        return self._is_open and self._thread.is_alive()

    def put(self, push: Push) -> Future[bool]:
        """Have a push written. The future ends when it is durable: True for a new one, False for one that was known.

        Raises InboxFullError at once, or it or InboxUnavailableError in the future.
        """
        return self._post(_Letter(push, Future()))

    def probe(self) -> Future[bool]:
        """Have it looked whether pushes can be written; the future ends with True or as that of `put` does."""
        return self._post(_Letter(None, Future()))

    def _post(self, letter: _Letter) -> Future[bool]:
        if not self.is_alive:
            raise InboxUnavailableError("the inbox is closed")
        with self._counting:
            if self._queued_bytes + letter.size > QUEUED_BYTES:
                raise InboxFullError("more comes in than can be written")
            self._queued_bytes += letter.size
        self._letters.put(letter)
        return letter.answer

    def _run(self) -> None:
        letters: list[_Letter] = []
        try:
            while letters := self._next_group():
                self._write(letters)
                with self._counting:
                    self._queued_bytes -= sum(letter.size for letter in letters)
            self.ended_well = True
        finally:
            self._is_open = False
            self._turn_away([letter for letter in letters if not letter.answer.done()])
            self._disconnect()

    def _next_group(self) -> list[_Letter]:
        """Everything that has come in by now, within measure; empty at the end."""
        first = self._letters.get()
        if first is None:
            return []
        group, size = [first], first.size
        while len(group) < GROUP_PUSHES and size < GROUP_BYTES:
            try:
                letter = self._letters.get_nowait()
            except queue.Empty:
                break
            if letter is None:
                self._letters.put(None)
                break
            group.append(letter)
            size += letter.size
        return group

    def _write(self, letters: Sequence[_Letter]) -> None:
        try:
            new = self._insert([letter.push for letter in letters if letter.push])
        except InboxFullError as error:
            self._note("the inbox is full")
            for letter in letters:
                letter.answer.set_exception(error)
        except (psycopg.Error, WarehouseError) as error:
            self._disconnect()
            state = f", SQLSTATE {error.sqlstate}" if isinstance(error, psycopg.Error) else ""
            self._note(f"the inbox cannot be written to ({type(error).__name__}{state})")
            for letter in letters:
                letter.answer.set_exception(InboxUnavailableError("the inbox could not be written to"))
        else:
            self._note("")
            for letter in letters:
                letter.answer.set_result(letter.push is None or letter.push.push_id in new)
                new.discard(letter.push.push_id if letter.push else "")

    def _insert(self, pushes: Sequence[Push]) -> set[str]:
        """One transaction; what was new in it."""
        if self._connection is None:
            self._connection = connect.connect(
                self._brand.name,
                application_name="touchstream serve",
                options=_IMPATIENT,
                parameters={"connect_timeout": "5"},
            )
        self._check_load(self._connection)
        new = inbox.insert(self._connection, pushes)
        failpoint("inbox.before_commit")
        self._connection.commit()
        failpoint("inbox.after_commit")
        added = sum(len(push.body) for push in pushes if push.push_id in new)
        self._load = Load(self._load.pushes + len(new), self._load.body_bytes + added)
        return new

    def _note(self, trouble: str) -> None:
        """Say how it goes when that changes; not an error's own words, which may repeat what was sent."""
        if trouble != self._trouble:
            self._trouble = trouble
            LOGGER.warning("%s", f"{trouble}; senders are told to try again" if trouble else "pushes are taken again")

    def _check_load(self, connection: Connection) -> None:
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._load = inbox.load(connection)
            self._looked_at = time.monotonic()
        if self._load.pushes >= self._limits.pushes or self._load.body_bytes >= self._limits.body_bytes:
            connection.rollback()
            raise InboxFullError(f"{self._load.pushes} pushes wait to be landed")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _turn_away(self, letters: list[_Letter]) -> None:
        """At the end: those at hand, and those still in the queue, are told."""
        left: list[_Letter | None] = [*letters]
        with suppress(queue.Empty):
            while True:
                left.append(self._letters.get_nowait())
        for letter in left:
            if letter is not None:
                letter.answer.set_exception(InboxUnavailableError("the endpoint stops"))
