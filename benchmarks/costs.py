"""What work costs: seconds on the wall, seconds of processor, memory of the server's own.

Here: this process, what it starts, and the server's processes, as Linux counts them in /proc. Not here: what is
measured.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_EVERY_SECONDS = 0.1
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds on the wall, of processor here and at the server; the most memory the server's processes held, in MB.

    Memory is each process' own (anonymous), summed: the cache that they share is not in it.
    """

    wall: float = 0.0
    here: float = 0.0
    server: float = 0.0
    megabytes: float = 0.0

    @property
    def processor(self) -> float:
        """Seconds of processor, wherever they were spent."""
        return self.here + self.server


@contextmanager
def measured(postmaster: int) -> Iterator[Cost]:
    """Measure what is done within; `postmaster` is the process id of the server's first process."""
    cost = Cost()
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(postmaster, cost, done))
    server, here, wall = _server_seconds(postmaster), _seconds_here(), time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.wall = time.perf_counter() - wall
        cost.here = _seconds_here() - here
        done.set()
        watcher.join()
        cost.server = _server_seconds(postmaster) - server


def _watch(postmaster: int, cost: Cost, done: threading.Event) -> None:
    while not done.wait(_EVERY_SECONDS):
        cost.megabytes = max(cost.megabytes, sum(map(_own_kilobytes, _children(postmaster))) / 1024)


def _seconds_here() -> float:
    """Seconds of processor of this process and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _children(process: int) -> list[int]:
    return [int(text) for text in (_PROC / f"{process}/task/{process}/children").read_text().split()]


def _server_seconds(postmaster: int) -> float:
    """Seconds of processor of the first process, of its children that ended, and of those that live."""
    return _seconds(postmaster, with_ended=True) + sum(_seconds(child) for child in _children(postmaster))


def _seconds(process: int, *, with_ended: bool = False) -> float:
    fields = _read(process, "stat").rpartition(")")[2].split()[11:15]
    return sum(map(int, fields[: 4 if with_ended else 2])) / _TICK


def _own_kilobytes(process: int) -> int:
    for line in _read(process, "status").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0


def _read(process: int, name: str) -> str:
    """A process' file; empty when it has ended meanwhile."""
    try:
        return (_PROC / f"{process}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
