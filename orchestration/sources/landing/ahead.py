"""Work done ahead of who takes it, in a thread of its own.

Here: one iterator run a few steps ahead, and one number counted meanwhile; what they raise is raised where it is taken.
Not here: what the work is. Arrow, numpy, DuckDB and the database's socket all work without the interpreter's lock, so
a chunk is judged while the one before it is on its way into the database.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

STEPS = 3
PATIENCE = 8
"""Steps after which the taker is found to be the faster one."""

T = TypeVar("T")


class _End(Generic[T]):
    """The end of the work, with what it raised, if anything."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(work: Iterator[T], *, when_ahead: Callable[[], object] = lambda: None) -> Generator[T]:
    """The same items in the same order, made up to `STEPS` of them ahead.

    `when_ahead` is called when the work is that far ahead, or when it is clear that it will not be. When the taker
    leaves, the work ends with the step it is at.
    """
    ready: queue.Queue[T | _End[T]] = queue.Queue(STEPS)
    is_left = threading.Event()

    def make() -> None:
        error: BaseException | None = None
        try:
            for step, item in enumerate(work):
                if ready.full() or step == PATIENCE:
                    when_ahead()
                ready.put(item)
                if is_left.is_set():
                    break
        except BaseException as raised:  # noqa: BLE001  (it is raised again where the items are taken)
            error = raised
        ready.put(_End(error))

    maker = threading.Thread(target=make, name="ahead", daemon=True)
    maker.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        is_left.set()
        while maker.is_alive():  # it may stand before a full queue
            _drain(ready)
            maker.join(0.01)


def _drain(ready: queue.Queue[T]) -> None:
    while True:
        try:
            ready.get_nowait()
        except queue.Empty:
            return


class Meanwhile(Generic[T]):
    """Work that another thread does while this one goes on; calling it gives the result, or raises what the work did.

    It begins when `start` is called first, or when the result is asked for.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work, self._pool = work, ThreadPoolExecutor(1, "meanwhile")
        self._lock = threading.Lock()
        self._future: Future[T] | None = None

    def start(self) -> Future[T]:
        """Begin, unless it has begun."""
        with self._lock:
            if self._future is None:
                self._future = self._pool.submit(self._work)
                self._pool.shutdown(wait=False)
            return self._future

    def __call__(self) -> T:
        """The result, waited for."""
        return self.start().result()
