"""What waits is asked to be landed until it is: once per state, again after a failure, never in a tight loop."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from orchestration.brands import Brand
from orchestration.defs import jobs
from orchestration.defs.landing import land_sources
from orchestration.defs.resources import Deployment
from orchestration.sources.landing import land
from orchestration.warehouse import connect
from tests.integration.push.kit import SOURCES, emptied, event, put
from tests.workshop import Workshop, rows, write

Asked = dg.RunRequest | dg.SkipReason


HEADING = "order_id,order_line_id,ordered_at,store_id,member_id,product_id,quantity,sales_amount"
PULLED = """
[sources.ledger]
connector = "sql"
contract = "pos.order_line"
every = "15m"
[sources.ledger.sql]
url_env = "LEDGER_URL"
table = "line"
key = ["order_id"]

[sources.archive]
connector = "sql"
contract = "pos.order_line"
sql = { url_env = "ARCHIVE_URL", table = "line", key = ["order_id"] }
"""


@pytest.fixture(scope="module")
def shared_brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES + PULLED)


@pytest.fixture
def brand(shared_brand: Brand) -> Brand:
    for path in shared_brand.drop.glob("*/*"):
        path.unlink()
    return emptied(shared_brand)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


class Clock:
    """Moves everybody's time on: the sensors', and that which Dagster notes of a run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moved = 0.0
        honest = time.time
        monkeypatch.setattr(time, "time", lambda: honest() + self.moved)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def push(brand: Brand, instance: dg.DagsterInstance, target: str = jobs.LAND_JOB) -> Asked:
    return evaluated(jobs.push_sensor(brand, target), instance)


def files(brand: Brand, instance: dg.DagsterInstance) -> Asked:
    return evaluated(jobs.drop_folder_sensor(brand), instance)


def evaluated(sensor: dg.SensorDefinition, instance: dg.DagsterInstance) -> Asked:
    context = dg.build_sensor_context(instance=instance, sensor_name=sensor.name)
    told = sensor(context)
    assert isinstance(told, dg.RunRequest | dg.SkipReason)
    assert context.cursor is None
    return told


def run(request: Asked, instance: dg.DagsterInstance, work: Callable[[], object], name: str = jobs.LAND_JOB) -> None:
    """Run what was asked for, with `work` in place of the assets."""
    assert isinstance(request, dg.RunRequest), request

    @dg.op(name="work")
    def do() -> None:
        work()

    @dg.job(name=name)
    def landing() -> None:
        do()

    landing.execute_in_process(instance=instance, tags=dict(request.tags), raise_on_error=False)


def fail() -> None:
    raise ZeroDivisionError


def told(answer: Asked) -> str:
    assert isinstance(answer, dg.SkipReason), answer
    return answer.skip_message or ""


def test_nothing_is_asked_for_while_nothing_waits(brand: Brand, instance: dg.DagsterInstance) -> None:
    assert "Nothing waits" in told(push(brand, instance))
    assert "Nothing waits" in told(files(brand, instance))


def test_pushes_are_landed_by_the_run_that_is_asked_for(brand: Brand, instance: dg.DagsterInstance) -> None:
    put(brand, "events", [event("a")])
    request = push(brand, instance)
    run(request, instance, lambda: land.land(brand))
    assert "Nothing waits" in told(push(brand, instance))
    put(brand, "events", [event("b")])
    again = push(brand, instance)
    assert isinstance(request, dg.RunRequest)
    assert isinstance(again, dg.RunRequest)
    assert again.run_key != request.run_key


def test_the_same_is_asked_for_under_the_same_key_until_the_run_is_on_record(
    brand: Brand, instance: dg.DagsterInstance
) -> None:
    put(brand, "events", [event("a")])
    keys = {request.run_key for _ in range(2) if isinstance(request := push(brand, instance), dg.RunRequest)}
    assert len(keys) == 1, "a sensor that died after its run was made does not make a second one"


def test_a_run_that_failed_is_asked_for_again_with_growing_pauses(
    brand: Brand, instance: dg.DagsterInstance, clock: Clock
) -> None:
    put(brand, "events", [event("a")])
    keys: set[str | None] = set()
    for pause in (*jobs.PAUSES, jobs.PAUSES[-1]):
        request = push(brand, instance)
        run(request, instance, fail)
        assert isinstance(request, dg.RunRequest)
        keys.add(request.run_key)
        put(brand, "events", [event(f"more-{pause}-{len(keys)}")])
        clock.moved += pause - 5
        assert "in a row failed" in told(push(brand, instance)), "new pushes do not make it a tight loop"
        clock.moved += 6
    assert len(keys) == len(jobs.PAUSES) + 1
    run(push(brand, instance), instance, lambda: land.land(brand))
    assert "Nothing waits" in told(push(brand, instance))


def test_files_of_a_run_that_failed_are_asked_for_again(
    brand: Brand, instance: dg.DagsterInstance, clock: Clock
) -> None:
    write(brand, "till/a.csv", f"{HEADING}\n1,1,2024-03-01 10:00:00,s,m,p,1,1.00\n")
    run(files(brand, instance), instance, fail)
    clock.moved += jobs.PAUSES[0] + 1
    run(files(brand, instance), instance, lambda: land.land(brand))
    assert "Nothing waits" in told(files(brand, instance))


def test_what_a_good_run_could_not_land_is_asked_for_again_only_when_something_changes(
    brand: Brand, instance: dg.DagsterInstance
) -> None:
    write(brand, "till/broken.csv", "")
    run(files(brand, instance), instance, lambda: land.land(brand))
    assert "could not land" in told(files(brand, instance))
    write(brand, "till/broken.csv", "x")
    assert isinstance(files(brand, instance), dg.RunRequest)


def test_nothing_is_asked_for_while_a_run_is_under_way(brand: Brand, instance: dg.DagsterInstance) -> None:
    put(brand, "events", [event("a")])
    seen: list[str] = []
    run(push(brand, instance), instance, lambda: seen.append(told(push(brand, instance))))
    assert seen == ["land_job is under way."]


def test_the_job_that_is_asked_for_can_be_another_one(brand: Brand, instance: dg.DagsterInstance) -> None:
    put(brand, "events", [event("a")])
    assert jobs.push_sensor(brand, "hot_job").job_name == "hot_job"
    run(push(brand, instance, "hot_job"), instance, fail, name="hot_job")
    assert "in a row failed" in told(push(brand, instance, "hot_job"))
    assert isinstance(push(brand, instance), dg.RunRequest), "runs of one job say nothing of another"


def due(brand: Brand, instance: dg.DagsterInstance, target: str = jobs.LAND_JOB) -> Asked:
    return evaluated(jobs.due_sensor(brand, target), instance)


def later(brand: Brand, minutes: int) -> None:
    """As if the last readings had been so much earlier."""
    with connect.connect(brand.name, application_name="test") as connection:
        connection.execute("update ops.landing_attempt set tried_at = tried_at - make_interval(mins => %s)", (minutes,))


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A till's own database, where the source `ledger` reads."""
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"create table line ({HEADING})")
        database.execute("insert into line values ('1', '1', '2024-03-01 10:00:00', 's', 'm', 'p', 1, '1.00')")
        database.commit()
    monkeypatch.setenv("LEDGER_URL", f"sqlite:///{path}")
    return path


def test_a_source_with_an_interval_is_read_when_its_time_has_come(
    brand: Brand, instance: dg.DagsterInstance, ledger: Path
) -> None:
    assert ledger.is_file()
    run(due(brand, instance), instance, lambda: land.land(brand, sources=["ledger"]))
    assert rows(brand, "select source, accepted from ops.batch") == [("ledger", 1)]
    assert "Nothing waits" in told(due(brand, instance))
    later(brand, 14)
    assert "Nothing waits" in told(due(brand, instance))
    later(brand, 1)
    run(due(brand, instance), instance, lambda: land.land(brand, sources=["ledger"]))
    assert "Nothing waits" in told(due(brand, instance)), "it was read, though it had nothing new"


def test_a_source_that_cannot_be_read_is_asked_again_after_its_interval_only(
    brand: Brand, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEDGER_URL", raising=False)
    run(due(brand, instance), instance, lambda: land.land(brand, sources=["ledger"]))
    assert rows(brand, "select source, reason from ops.refused_file") == [("ledger", "missing_secret")]
    assert "Nothing waits" in told(due(brand, instance))
    later(brand, 15)
    assert isinstance(due(brand, instance), dg.RunRequest)


def test_a_landing_by_hand_puts_the_next_reading_off(brand: Brand, instance: dg.DagsterInstance, ledger: Path) -> None:
    assert ledger.is_file()
    assert isinstance(due(brand, instance), dg.RunRequest)
    land.land(brand, sources=["ledger"])
    assert "Nothing waits" in told(due(brand, instance))
    assert isinstance(due(brand, instance, jobs.HOT_JOB), dg.RunRequest), "what it brought is still to be built from"


def test_a_due_source_is_not_read_by_two_at_a_time(brand: Brand, instance: dg.DagsterInstance) -> None:
    seen: list[str] = []
    run(due(brand, instance), instance, lambda: seen.append(told(due(brand, instance))))
    assert seen == ["land_job is under way."]


def test_the_hot_job_reads_what_is_due_and_no_other_source_elsewhere(
    brand: Brand, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_URL", f"sqlite:///{ledger}")
    deployment = Deployment(brand=brand.name)
    write(brand, "till/a.csv", f"{HEADING}\n")

    def landed(*, is_hot: bool) -> list[str]:
        return [item.source for item in land_sources(deployment, ["till", "ledger", "archive"], is_hot=is_hot)]

    assert landed(is_hot=True) == ["till", "ledger"]
    assert "ledger" not in landed(is_hot=True)
    later(brand, 15)
    assert landed(is_hot=True) == ["ledger"]
    assert landed(is_hot=False) == ["ledger", "archive"]


def test_what_the_endpoint_landed_by_itself_is_still_to_be_built(brand: Brand, instance: dg.DagsterInstance) -> None:
    put(brand, "events", [event("a")])
    land.land(brand)
    assert "Nothing waits" in told(push(brand, instance))
    assert isinstance(push(brand, instance, jobs.HOT_JOB), dg.RunRequest)
