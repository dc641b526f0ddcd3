"""Work done ahead comes in order, raises where it is taken, and ends when its taker leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from orchestration.sources.landing.ahead import STEPS, Meanwhile, ahead


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


def test_work_says_once_it_is_ahead_of_its_taker() -> None:
    told = threading.Event()
    with closing(ahead(iter(Work(50)), when_ahead=told.set)) as items:
        next(items)
        assert told.wait(5)
    told.clear()
    assert list(ahead(iter(Work(STEPS)), when_ahead=told.set)) == list(range(STEPS))
    assert not told.is_set()


def test_a_result_is_worked_out_once_when_it_is_wanted_and_its_error_raised_each_time() -> None:
    made: list[str] = []
    work = Meanwhile(lambda: made.append(threading.current_thread().name))
    assert made == []
    work.start().result(5)
    work.start()
    assert work() is None
    assert len(made) == 1
    assert made[0].startswith("meanwhile")
    failing = Meanwhile(lambda: int("seven"))
    for _ in range(2):
        with pytest.raises(ValueError, match="seven"):
            failing()
