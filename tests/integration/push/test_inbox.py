"""What the inbox keeps: names within bounds, landed pushes for some days, and what waits told by status."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest

from orchestration.brands import Brand
from orchestration.sources.connectors import push
from orchestration.sources.landing import land, replay
from orchestration.sources.push import records
from orchestration.warehouse import connect
from tests.integration.push.kit import event, put
from tests.integration.push.test_landing import RECEIPTS, REPLIES
from tests.workshop import Workshop, rows


def age(brand: Brand, days: int, table: str = "vault.inbox", column: str = "received_at") -> None:
    """As if what is there had come, or landed, so many days earlier."""
    statement = f"update {table} set {column} = {column} - make_interval(days => %s)"
    with connect.connect(brand.name, application_name="test") as connection:
        connection.execute(statement.encode(), (days,))


def test_landed_pushes_are_forgotten_after_their_days_and_waiting_ones_never(brand: Brand) -> None:
    put(brand, "events", [event("a")])
    put(brand, "sms_replies", REPLIES)
    land.land(brand)
    age(brand, 31)
    put(brand, "events", [event("b")])
    land.land(brand)
    assert len(rows(brand, "select 1 from ops.push")) == 3, "landed today, whenever they came"
    age(brand, 31, "ops.batch", "loaded_at")
    age(brand, 29)
    land.land(brand, sources=["events"])
    assert rows(brand, "select source, received_at < now() - interval '40 days' from ops.push order by inbox_id") == [
        ("sms_replies", True),
        ("events", False),
    ], "only of the source that is landed, and only what is older than 30 days"
    put(brand, "sms_receipts", [RECEIPTS[0]])
    age(brand, 4000)
    land.land(brand, sources=["events", "sms_replies"])
    assert rows(brand, "select source, batch_id is null from ops.push") == [("sms_receipts", True)]
    assert len(rows(brand, "select 1 from ops.batch")) == 3


def test_status_tells_what_waits_for_how_long_and_what_is_dead(
    workshop: Workshop, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_rows(*_: object) -> Any:
        raise ZeroDivisionError

    put(brand, "sms_replies", REPLIES)
    with monkeypatch.context() as patch:
        patch.setattr(records, "split", broken_rows)
        for _ in range(push.DEAD_AFTER):
            with suppress(ZeroDivisionError):
                land.land(brand, sources=["sms_replies"])
    put(brand, "events", [event("a"), event("b")])
    put(brand, "events", [event("c")])
    age(brand, 2)
    put(brand, "events", [event("d")])
    told = workshop.python("-m", "orchestration.cli", "--brand", brand.name, "status", "--json")
    facts = {item["source"]: item for item in json.loads(told.stdout)["inbox"]}
    pushed = [name for name, source in brand.file.sources.items() if source.connector == "push"]
    assert list(facts) == pushed
    ((oldest,),) = rows(brand, "select min(received_at) from ops.push where source = 'events'")
    events = facts["events"]
    assert (events["waiting"], events["records"], events["dead"]) == (3, 4, 0)
    assert datetime.fromisoformat(events["oldest"]) == oldest
    assert (facts["sms_replies"]["waiting"], facts["sms_replies"]["dead"]) == (1, 1)
    assert facts["mail_events"] == {"source": "mail_events", "waiting": 0, "records": 0, "oldest": None, "dead": 0}
    shown = workshop.python("-m", "orchestration.cli", "--brand", brand.name, "status").stdout
    assert "pushes that could not be landed alone either: land sms_replies says why" in shown


def test_keys_that_a_sender_invents_are_told_within_bounds(brand: Brand) -> None:
    invented = {f"key{number:05d}": 1 for number in range(20_000)} | {"a" * 5_000: 1}
    put(brand, "events", [event("a", **invented), event("b", search_term=["broken"]), event("c", event_at="soon")])
    (result,) = land.land(brand, sources=["events"])
    told = [f"{'a' * 100}…", *(f"key{number:05d}" for number in range(49)), "… and 19951 more"]
    assert list(result.unmapped_columns) == told
    ((unmapped, kept),) = rows(brand, "select unmapped_columns, source_columns from ops.batch")
    assert unmapped == told
    assert isinstance(kept, list)
    assert {"event_id", "event_name", "event_at", "cookie_id", "search_term"} <= set(kept)
    assert len(kept) < 100
    waiting = rows(brand, "select quarantine_id from quarantine.row where reason = 'wrong_type' and field = 'event_at'")
    ((broken,),) = waiting
    corrected = json.dumps(event("c"))
    (again,) = [item for item in replay.replay(brand, corrections={str(broken): corrected}) if item.accepted]
    assert again.accepted == 1, "what is kept of the columns is enough to read the row again"
