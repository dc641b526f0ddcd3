"""Work done ahead of who takes it, in a thread of its own.

Here: one iterator run a few steps ahead, and one number counted meanwhile; what they raise is raised where it is taken.
Not here: what the work is. Arrow, numpy, DuckDB and the database's socket all work without the interpreter's lock, so
a chunk is judged while the one before it is on its way into the database.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic, TypeVar

STEPS = 3

T = TypeVar("T")


class _End(Generic[T]):
    """The end of the work, with what it raised, if anything."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(work: Iterator[T]) -> Generator[T]:
    """The same items in the same order, made up to `STEPS` of them ahead.

    When the taker leaves, the work ends with the step it is at.
    """
    ready: queue.Queue[T | _End[T]] = queue.Queue(STEPS)
    is_left = threading.Event()

    def make() -> None:
        error: BaseException | None = None
        try:
            for item in work:
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


@contextmanager
def meanwhile(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Work begun at once in another thread; the function given waits for it and gives its result."""
    with ThreadPoolExecutor(1, "meanwhile") as pool:
        yield pool.submit(work).result
