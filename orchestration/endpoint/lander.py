"""Landing beside receiving: what was pushed is in `raw` within seconds.

Here: when the endpoint lands, and what it does when that fails. Not here: landing (sources/landing/), micro-batches
(connectors/push.py). It may run beside a landing of somebody else: a push is landed once, whoever is first.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from pathlib import Path

import psycopg

from orchestration.brands import Brand
from orchestration.sources.landing.land import Landed, land
from orchestration.sources.push import inbox
from orchestration.warehouse import connect

LOGGER = logging.getLogger("touchstream.endpoint")
IDLE_SECONDS = 30.0
"""How often it looks for what it was not told of: left by a process that died, or taken in by another one."""
LONGEST_PAUSE = 300.0


class _Stopped(Exception):
    """The endpoint stops: no further batch is begun."""


class Lander:
    """Lands a brand's pushed sources, from `start` to `stop`; `every` is the seconds in which pushes gather.

    Pushes that could not be landed are tried again less and less often; new ones do not wait for them.
    """

    def __init__(self, brand: Brand, *, every: float) -> None:
        self._brand = brand
        self._every = every
        self._sources = [name for name, source in brand.file.sources.items() if source.push is not None]
        self._failures: dict[str, int] = {}
        self._again_at: dict[str, float] = {}
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lander", daemon=True)

    def start(self) -> None:
        """Begin, with what waits already."""
        self._news.set()
        self._thread.start()

    def stop(self) -> None:
        """End after the batch that is being landed."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def wake(self) -> None:
        """Something new is in the inbox."""
        self._news.set()

    def told(self) -> str:
        """How it goes, in a word: ok, failing, or stopped."""
        if not self._thread.is_alive():
            return "stopped"
        return "failing" if self._failures else "ok"

    def _run(self) -> None:
        while not self._stopping.is_set():
            until_again = (moment - time.monotonic() for moment in self._again_at.values())
            self._news.wait(timeout=max(0.0, min([IDLE_SECONDS, *until_again])))
            if self._stopping.wait(timeout=self._every):
                return
            self._news.clear()
            for source in self._sources:
                self._look(source)

    def _look(self, source: str) -> None:
        """Land a source when something new waits, or what failed is due; then look again soon."""
        try:
            with connect.connect(self._brand.name, application_name="touchstream inbox") as connection:
                first = inbox.waiting(connection, source, limit=1)
            if not first:
                return self._went_well(source)
            if first[0].attempts and time.monotonic() < self._again_at.get(source, 0.0):
                return None
            results = land(self._brand, sources=[source], on_progress=self._check_stopping)
        except _Stopped:
            return None
        except Exception as error:  # noqa: BLE001  # landing outlives any one batch: what failed is said and stays in the inbox
            LOGGER.warning("%s: landing failed: %s", source, _without_content(error))
            return self._went_wrong(source)
        for result in results:
            _tell(result)
        self._news.set()
        if any(result.outcome == "refused" for result in results):
            return self._went_wrong(source)
        return self._went_well(source)

    def _check_stopping(self, _: str) -> None:
        if self._stopping.is_set():
            raise _Stopped

    def _went_well(self, source: str) -> None:
        self._failures.pop(source, None)
        self._again_at.pop(source, None)

    def _went_wrong(self, source: str) -> None:
        count = self._failures[source] = self._failures.get(source, 0) + 1
        self._again_at[source] = time.monotonic() + min(self._every * 2 ** min(count, 20), LONGEST_PAUSE)


def _tell(result: Landed) -> None:
    if result.outcome == "refused":
        LOGGER.warning("%s: %s is not landed: %s", result.source, result.name, result.reason)
    elif result.outcome == "landed":
        LOGGER.info(
            "%s: %s landed, %s = %s accepted + %s duplicate + %s quarantined",
            *(result.source, result.name, result.landed, result.accepted, result.duplicate, result.quarantined),
        )


def _without_content(error: Exception) -> str:
    """What went wrong and where; not the error's own words, in which a database repeats what it was given."""
    state = f", SQLSTATE {error.sqlstate}" if isinstance(error, psycopg.Error) else ""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}{state}, {Path(last.filename).name} line {last.lineno}"
