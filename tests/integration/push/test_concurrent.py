"""Pushes whose commits overtake each other, landed by several at once: each record is in raw exactly once."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from orchestration.brands import Brand
from orchestration.sources.connectors import push
from orchestration.sources.landing import land, write
from orchestration.sources.push import inbox
from orchestration.warehouse import connect
from tests.integration.push.kit import as_push, event, landed_events, put
from tests.workshop import rows

HIGHEST_LANDED = "select max(inbox_id) from ops.push where batch_id is not null"


def test_a_push_that_is_committed_after_a_later_one_has_landed_is_not_lost(brand: Brand) -> None:
    with connect.connect(brand.name, application_name="test") as slow:
        inbox.insert(slow, [as_push(brand, "events", [event("first")])])
        put(brand, "events", [event("second")])
        assert [item.landed for item in land.land(brand)] == [1]
        highest = rows(brand, HIGHEST_LANDED)
        slow.commit()
    assert rows(brand, "select inbox_id < (" + HIGHEST_LANDED + ") from ops.push where batch_id is null") == [(True,)]
    assert highest == [(2,)], "a mark that says how far the numbers were landed would pass over the first one"
    land.land(brand)
    assert landed_events(brand) == {"first": 1, "second": 1}


def test_two_who_deliver_the_same_at_once_are_one_push(brand: Brand) -> None:
    same = [as_push(brand, "events", [event(f"e-{number}")]) for number in range(50)]

    def deliver(seed: int) -> int:
        mine = random.Random(seed).sample(same, len(same))
        with connect.connect(brand.name, application_name="test") as connection:
            return len(inbox.insert(connection, mine))

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(deliver, range(6))) == 50
    assert rows(brand, "select count(*) from ops.push") == [(50,)]


def test_many_senders_and_several_landings_at_once_lose_nothing_and_double_nothing(brand: Brand) -> None:
    senders, pushes = 6, 25
    sending = threading.Event()
    sending.set()

    def send(sender: int) -> None:
        dice = random.Random(sender)
        with connect.connect(brand.name, application_name="test") as connection:
            for number in range(pushes):
                inbox.insert(connection, [as_push(brand, "events", [event(f"{sender}-{number}"), {"broken": sender}])])
                time.sleep(dice.random() * 0.02)  # numbers are drawn in one order and committed in another
                connection.commit()

    def keep_landing(_: int) -> None:
        while sending.is_set():
            land.land(brand, sources=["events"])

    with ThreadPoolExecutor(senders + 3) as pool:
        landing = [pool.submit(keep_landing, number) for number in range(3)]
        list(pool.map(send, range(senders)))
        sending.clear()
        for one in landing:
            one.result()
    land.land(brand)
    assert landed_events(brand) == {f"{sender}-{number}": 1 for sender in range(senders) for number in range(pushes)}
    assert rows(brand, "select sum(landed), sum(accepted), sum(quarantined) from ops.batch") == [
        (2 * senders * pushes, senders * pushes, senders * pushes)
    ]
    assert rows(brand, "select count(*) > 1 from ops.batch") == [(True,)], "it landed while it was sent"
    assert rows(
        brand,
        "select count(*) from ops.batch as bat where bat.landed <>"
        " (select sum(psh.record_count) from ops.push as psh where psh.batch_id = bat.batch_id)",
    ) == [(0,)]


def test_a_batch_made_up_of_what_another_has_landed_is_void(brand: Brand) -> None:
    put(brand, "events", [event("a")])
    source = brand.file.sources["events"]
    with closing(push.offers(brand, source, {})) as offers:
        offer = next(offers)
    put(brand, "events", [event("b")])
    assert [item.landed for item in land.land(brand)] == [1, 1], "new ones first, then what somebody began"
    with write.session(brand.name, application_name="test") as connection:
        with connection.cursor() as cursor:
            assert not offer.take(cursor, "a batch that comes too late")
        connection.rollback()
    assert landed_events(brand) == {"a": 1, "b": 1}
