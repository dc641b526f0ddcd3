"""kill -9 of the endpoint at every point: senders who try again until they get a 2xx find each record in raw once.

Four senders keep what they sent and what they were told. The endpoint is killed at a named point, started again on the
same port, and the senders go on. Their own record is the judge; an endpoint that answers too early is found out by it.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from orchestration.brands import Brand
from orchestration.warehouse import server
from tests.integration.push.kit import (
    Endpoint,
    event,
    landed_events,
    plain_client,
    serving,
    timed,
    until,
    until_landed,
    until_some_landed,
)
from tests.workshop import Workshop, rows

SENDERS, PUSHES, RECORDS = 4, 12, 3
OPTIONS = ("--land-every", "0.1")
HASTY = (str(Path(__file__).with_name("hasty_endpoint.py")),)


@dataclass
class Sender:
    """One who delivers: what it was answered for, and how often it had to try."""

    number: int
    answered: list[str] = field(default_factory=list[str])
    pushes: int = 0
    tries: int = 0
    client: httpx.Client = field(default_factory=plain_client)

    def deliver(self, port: int, blow: Blow) -> None:
        """Send until the blow has fallen and one push more, each until it is answered with a 2xx."""
        is_last = False
        while not blow.is_given_up.is_set() and not is_last:
            is_last = blow.has_fallen.is_set() and self.pushes >= PUSHES
            names = [f"{self.number}-{self.pushes}-{record}" for record in range(RECORDS)]
            body = json.dumps([*map(event, names), {"broken": names[0]}]).encode()
            self.pushes += 1
            while not self._attempt(port, body):
                if blow.is_given_up.is_set():
                    return
                time.sleep(0.02)
            self.answered += names
            time.sleep(0.02)

    def _attempt(self, port: int, body: bytes) -> bool:
        """One request, signed anew."""
        self.tries += 1
        try:
            answer = self.client.post(f"http://127.0.0.1:{port}/push/events", content=body, headers=timed(body))
        except httpx.TransportError:
            return False
        return answer.is_success


@dataclass
class Blow:
    """What happens to the endpoint while everybody sends."""

    has_fallen: threading.Event = field(default_factory=threading.Event)
    is_given_up: threading.Event = field(default_factory=threading.Event)


@contextmanager
def delivering(port: int) -> Iterator[tuple[list[Sender], Blow]]:
    """All senders at work while the body runs; waits for the last answer, or ends them when the body fails."""
    senders, blow = [Sender(number) for number in range(SENDERS)], Blow()
    with ThreadPoolExecutor(len(senders)) as pool:
        work = [pool.submit(sender.deliver, port, blow) for sender in senders]
        try:
            yield senders, blow
            for one in work:
                one.result(timeout=120)
        finally:
            blow.is_given_up.set()
    for sender in senders:
        sender.client.close()


def killed_and_started_again(
    workshop: Workshop, brand: Brand, point: str, hits: str, program: Sequence[str] = ("-m", "orchestration.cli")
) -> list[Sender]:
    """The senders, after every one of their pushes was answered with a 2xx and the inbox is empty."""
    switches = {"TOUCHSTREAM_FAILPOINT": f"{point}:kill", "TOUCHSTREAM_FAILPOINT_HITS": hits}
    with serving(workshop, brand, *OPTIONS, program=program, environment=switches) as first:
        with delivering(first.port) as (senders, blow):
            assert first.process.wait(timeout=60) == -signal.SIGKILL, first.told()
            blow.has_fallen.set()
            second = Endpoint(workshop, brand, *OPTIONS, program=program, port=first.port)
        try:
            until_landed(brand)
        finally:
            second.close()
    return senders


def each_is_in_raw_once(brand: Brand, senders: Sequence[Sender]) -> None:
    """The records that were answered for against raw, and the accounts against what was pushed."""
    answered = [name for sender in senders for name in sender.answered]
    pushes = sum(sender.pushes for sender in senders)
    assert len(answered) == pushes * RECORDS >= SENDERS * PUSHES * RECORDS
    assert sum(sender.tries for sender in senders) > pushes, "somebody met the dead endpoint"
    assert landed_events(brand) == dict.fromkeys(answered, 1)
    assert rows(brand, "select sum(landed), sum(accepted), sum(quarantined) from ops.batch") == [
        (pushes * (RECORDS + 1), len(answered), pushes)
    ]
    assert rows(brand, "select count(body), sum(record_count) from vault.inbox") == [(0, pushes * (RECORDS + 1))]


@pytest.mark.parametrize(
    ("point", "hits"),
    [
        ("inbox.before_commit", "1"),
        ("inbox.before_commit", "9"),
        ("inbox.after_commit", "9"),
        ("landing.after_copy", "1"),
        ("landing.before_commit", "3"),
        ("landing.after_commit", "2"),
    ],
)
def test_each_record_that_was_answered_for_is_in_raw_once(
    workshop: Workshop, brand: Brand, point: str, hits: str
) -> None:
    each_is_in_raw_once(brand, killed_and_started_again(workshop, brand, point, hits))


def test_the_database_killed_under_it_loses_nothing_and_it_goes_on_by_itself(workshop: Workshop, brand: Brand) -> None:
    with serving(workshop, brand, *OPTIONS) as endpoint:
        with delivering(endpoint.port) as (senders, blow):
            until_some_landed(brand)
            postmaster = server.status().pid
            assert postmaster is not None
            os.kill(postmaster, signal.SIGKILL)
            until(lambda: endpoint.client.get(f"{endpoint.url}/health").status_code == 503)
            until(lambda: not server.status().running)
            blow.has_fallen.set()
            server.start()
        until_landed(brand)
        assert endpoint.client.get(f"{endpoint.url}/health").json()["receiving"] == "ok"
        assert endpoint.stop() == 0
    each_is_in_raw_once(brand, senders)


def test_an_endpoint_that_answers_before_it_commits_loses_and_this_harness_sees_it(
    workshop: Workshop, brand: Brand
) -> None:
    senders = killed_and_started_again(workshop, brand, "inbox.before_commit", "9", HASTY)
    lost = {name for sender in senders for name in sender.answered} - landed_events(brand).keys()
    assert len(lost) >= RECORDS
    with pytest.raises(AssertionError):
        each_is_in_raw_once(brand, senders)
