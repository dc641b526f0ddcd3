"""Work done ahead comes in order, raises where it is taken, and ends when its taker leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from orchestration.sources.landing.ahead import STEPS, ahead, meanwhile


class Work:
    """Numbers, with a note of how far they were made and of the thread they were made in."""

    def __init__(self, count: int, *, fails_at: int | None = None) -> None:
        self.made: list[int] = []
        self.threads: set[str] = set()
        self._count, self._fails_at = count, fails_at

    def __iter__(self) -> Iterator[int]:
        for number in range(self._count):
            if number == self._fails_at:
                raise KeyError(number)
            self.made.append(number)
            self.threads.add(threading.current_thread().name)
            yield number


def test_items_come_in_order_out_of_another_thread() -> None:
    work = Work(50)
    assert list(ahead(iter(work))) == list(range(50))
    assert work.threads == {"ahead"}


def test_what_the_work_raises_is_raised_behind_what_it_had_made() -> None:
    items = ahead(iter(Work(50, fails_at=7)))
    assert [next(items) for _ in range(7)] == list(range(7))
    with pytest.raises(KeyError, match="7"):
        next(items)


@pytest.mark.parametrize("taken", [0, 1, 5])
def test_work_ends_when_its_taker_leaves(taken: int) -> None:
    work = Work(10_000)
    with closing(ahead(iter(work))) as items:
        for _ in range(taken):
            next(items)
    assert len(work.made) <= taken + STEPS + 2
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_a_number_is_found_meanwhile_and_its_error_raised_when_it_is_asked_for() -> None:
    with meanwhile(lambda: 7) as found:
        assert (found(), found()) == (7, 7)
    with meanwhile(lambda: int("seven")) as found, pytest.raises(ValueError, match="seven"):
        found()
