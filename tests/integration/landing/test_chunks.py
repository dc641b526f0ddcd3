"""What only the end of a file shows counts for its beginning too, which has long been sent by then."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.brands import Brand
from orchestration.sources.landing import input as chunks
from orchestration.sources.landing import land, repeats, shelf, tokenise, write
from tests.integration.landing.till import HEADING, SOURCES, line
from tests.workshop import Workshop, rows
from tests.workshop import write as put

TOLD = "select landed, accepted, duplicate, quarantined, first_event_date, last_event_date from ops.batch order by name"


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is held in memory is held for a few rows only."""
    monkeypatch.setattr(chunks, "FIRST_CHUNK_ROWS", 2)
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 8)
    monkeypatch.setattr(repeats, "MOST_IN_MEMORY", 10)
    monkeypatch.setattr(shelf, "MOST_IN_MEMORY", 5)
    monkeypatch.setattr(tokenise, "MOST_REMEMBERED", 3)


@pytest.mark.usefixtures("small")
def test_rows_that_repeat_or_differ_chunks_apart_are_taken_back(brand: Brand) -> None:
    text = [line(number, at=f"2024-03-{number:02d} 12:00:00") for number in range(2, 30)]
    put(
        brand,
        "till/a.csv",
        HEADING + line(1, at="2024-01-01 12:00:00") + "".join(text) + text[0] + line(1, at="2024-12-31 12:00:00"),
    )
    (result,) = land.land(brand)
    assert (result.landed, result.accepted, result.duplicate, result.quarantined) == (31, 28, 1, 2)
    assert rows(brand, "select row_number, reason from quarantine.row order by 1") == [
        (1, "duplicate_key"),
        (31, "duplicate_key"),
    ]
    assert rows(brand, TOLD) == [(31, 28, 1, 2, date(2024, 3, 2), date(2024, 3, 29))]
    assert rows(brand, "select min(_row_number), max(_row_number), count(*) from raw.raw_pos__order_line") == [
        (2, 29, 28)
    ]


@pytest.mark.usefixtures("small")
def test_values_of_accepted_rows_alone_reach_the_dictionary(brand: Brand) -> None:
    """Each person of an accepted row once; of rows taken back at the end nobody, though they had been sent."""
    lines = [f'{{"member_id": "m{number}", "phone": "2015550{number:03d}", "email": "x"}}\n' for number in range(60)]
    taken_back = ['{"member_id": "two", "phone": "2015559991"}\n', '{"member_id": "two", "phone": "2015559992"}\n']
    broken = ['{"member_id": "", "phone": "2015559993"}\n']
    put(brand, "members/m.jsonl", "".join([taken_back[0], *lines, *broken, *lines[:5], taken_back[1]]))
    (result,) = land.land(brand)
    assert (result.landed, result.accepted, result.duplicate, result.quarantined) == (68, 60, 5, 3)
    told = rows(brand, "select namespace, value from vault.clear_value order by 1, 2")
    assert told == sorted(
        [("member_id", f"m{number}") for number in range(60)]
        + [("phone", f"+12015550{number:03d}") for number in range(60)]
    )
    aside = rows(brand, "select count(*), count(distinct row_number), max(row_number) from quarantine.value")
    assert aside == [(60, 60, 61)]


@pytest.mark.usefixtures("small")
def test_chunks_leave_nothing_in_the_scratch_folder(brand: Brand) -> None:
    put(brand, "till/a.csv", HEADING + "".join(line(number, quantity="x" if number % 3 else 1) for number in range(90)))
    (result,) = land.land(brand)
    assert (result.accepted, result.quarantined) == (30, 60)
    assert list(Path(brand.home / "scratch").iterdir()) == []


def test_a_batch_that_waited_for_another_is_the_newer_one(brand: Brand) -> None:
    """Rows are dated by their transaction; one that began before another ended and landed after it begins anew."""
    with write.session(brand.name, application_name="test") as late, late.cursor() as cursor:
        cursor.execute("select now()")
        ((began_at,),) = cursor.fetchall()
        put(brand, "till/a.csv", HEADING + line(1))
        land.land(brand)
        moment = write.lock_source(cursor, "till")
        ((landed_at,),) = rows(brand, "select loaded_at from ops.batch")
        assert began_at < landed_at < moment  # pyright: ignore[reportOperatorIssue]
        cursor.execute("update ops.batch set loaded_at = loaded_at + interval '1 hour'")
        late.commit()
        assert write.lock_source(cursor, "till") - moment < timedelta(minutes=1)


def test_rows_carry_the_moment_of_their_batch(brand: Brand) -> None:
    put(brand, "till/a.csv", HEADING + line(1))
    land.land(brand)
    assert rows(
        brand,
        "select distinct ord._loaded_at = bat.loaded_at, ord._version_at from raw.raw_pos__order_line as ord "
        "inner join ops.batch as bat on bat.batch_id = ord._batch_id",
    ) == [(True, None)]
