"""Batches land once, whole, and add up; what breaks its contract waits in quarantine with its reason."""

from __future__ import annotations

import csv
import gzip
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.brands import Brand
from orchestration.sources import formats
from orchestration.sources.landing import land, replay
from orchestration.sources.landing.land import Landed
from orchestration.sources.landing.write import session
from orchestration.sources.tokens import PiiKeyError
from tests.integration.landing.till import HEADING, SOURCES, line
from tests.workshop import Workshop, rows, write


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    return workshop.brand(SOURCES)


def by_name(results: list[Landed]) -> dict[str, Landed]:
    return {item.name: item for item in results}


BROKEN = {
    1: (line(1), None),
    2: (line(2, quantity="two"), ("wrong_type", "quantity")),
    3: (line(""), ("missing_value", "order_id")),
    4: (line(4, at="2024-02-30 10:00:00"), ("wrong_type", "ordered_at")),
    5: (line(5, at="2924-03-01 10:00:00"), ("event_in_future", "ordered_at")),
    6: (line(6).rstrip("\n") + ",more\n", ("malformed_row", None)),
    7: (line("7\0"), ("nul_byte", None)),
    8: (line(8), ("duplicate_key", "order_id")),
    9: (line(8, paid="2.00"), ("duplicate_key", "order_id")),
    10: (line(10), None),
    11: (line(10), "duplicate"),
    12: (line(12, paid="1.005"), ("wrong_type", "sales_amount")),
    13: ("13,1\n", ("malformed_row", None)),
}


def test_each_broken_row_waits_with_its_reason_and_all_add_up(brand: Brand) -> None:
    text = HEADING + "".join(row for row, _ in BROKEN.values())
    write(brand, "till/a.csv", text)
    (result,) = land.land(brand)
    assert (
        result.landed
        == sum(1 for record in csv.reader(io.StringIO(text.replace("\0", ""))) if record) - 1
        == len(BROKEN)
    )
    assert (result.accepted, result.duplicate, result.quarantined) == (2, 1, 10)
    found = rows(brand, "select row_number, reason, field from quarantine.row order by row_number")
    assert found == [(number, *why) for number, (_, why) in BROKEN.items() if isinstance(why, tuple)]
    assert rows(brand, "select landed, accepted, duplicate, quarantined from ops.batch") == [(13, 2, 1, 10)]
    assert rows(brand, "select count(*) from raw.raw_pos__order_line") == [(2,)]


def test_quarantine_holds_no_clear_text_outside_the_vault(brand: Brand) -> None:
    write(brand, "members/m.jsonl", '{"member_id": "canary-7", "email": "nobody"}\nbroken canary-8\n')
    land.land(brand)
    for table in ("quarantine.row", "quarantine.value", "raw.raw_crm__member", "ops.batch"):
        assert all("canary" not in str(row) for row in rows(brand, f"select * from {table}"))
    assert rows(brand, "select value from vault.clear_value") == [("canary-7",)]


def test_landing_the_same_again_changes_nothing(brand: Brand) -> None:
    path = write(brand, "till/a.csv", HEADING + line(1) + line(2, quantity="x"))
    land.land(brand)
    tables = (
        "ops.batch",
        "quarantine.row",
        "vault.clear_value",
        "vault.quarantined_row",
        "raw.raw_pos__order_line",
        "ops.source_cursor",
    )
    before = {table: rows(brand, f"select * from {table}") for table in tables[:-1]}
    assert land.land(brand) == []
    path.touch()
    write(brand, "till/renamed.csv", path.read_bytes())
    assert [item.outcome for item in land.land(brand)] == ["known", "known"]
    assert {table: rows(brand, f"select * from {table}") for table in tables[:-1]} == before


def test_unreadable_files_are_refused_by_name_and_the_others_land(brand: Brand) -> None:
    write(brand, "till/a_empty.csv", b"")
    write(brand, "till/b_latin.csv", (HEADING + "é").encode("latin-1"))
    write(brand, "till/c_cut.csv.gz", gzip.compress((HEADING + line(1) * 5000).encode())[:-10])
    write(brand, "till/d_strange.csv", "a,b\n1,2\n")
    write(brand, "till/e_good.csv", HEADING + line(1))
    results = by_name(land.land(brand))
    assert {name: item.reason for name, item in results.items()} == {
        "till/a_empty.csv": "empty_file",
        "till/b_latin.csv": "wrong_encoding",
        "till/c_cut.csv.gz": "broken_gzip",
        "till/d_strange.csv": "missing_column",
        "till/e_good.csv": "",
    }
    assert "none of its 2 columns is called like one that pos.order_line reads (receipt," in (
        results["till/d_strange.csv"].detail
    )
    assert rows(brand, "select name from ops.batch") == [("till/e_good.csv",)]
    assert {row[0] for row in rows(brand, "select name from ops.refused_file")} == {
        name for name in results if "good" not in name
    }


def test_a_refusal_keeps_its_moment_while_nothing_changes(brand: Brand) -> None:
    noted = "select name, reason, detail, refused_at from ops.refused_file"
    path = write(brand, "till/a.csv", b"")
    land.land(brand)
    first = rows(brand, noted)
    land.land(brand)
    assert rows(brand, noted) == first
    path.write_text(HEADING + line(1), encoding="utf-8")
    land.land(brand)
    path.write_bytes(b"")
    land.land(brand)
    assert [row[:-1] for row in rows(brand, noted)] == [row[:-1] for row in first]
    assert rows(brand, noted) != first


def test_a_file_damaged_in_the_middle_is_refused_and_the_next_lands(brand: Brand) -> None:
    path = write(brand, "members/a.parquet", b"")
    pq.write_table(pa.table({"member_id": [str(n) * 9 for n in range(50_000)]}), path, use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[5_000:6_000] = b"\xff" * 1_000
    path.write_bytes(content)
    write(brand, "members/b.jsonl", '{"member_id": "7"}\n')
    results = by_name(land.land(brand))
    assert (results["members/a.parquet"].outcome, results["members/a.parquet"].reason) == ("refused", "broken_parquet")
    assert results["members/b.jsonl"].outcome == "landed"


def test_a_file_without_a_heading_is_refused_and_its_first_row_is_told_nowhere(brand: Brand) -> None:
    write(brand, "members/a.csv", "canary-7,canary@b.example\ncanary-8,\n")
    (result,) = land.land(brand)
    assert (result.outcome, result.reason) == ("refused", "missing_column")
    assert "canary" not in result.detail + str(rows(brand, "select * from ops.refused_file"))


def test_what_a_data_frame_writes_for_an_empty_cell_names_nobody(brand: Brand) -> None:
    path = write(brand, "consents/a.parquet", b"")
    consent = {"email": "a@b.example", "channel": "email", "purpose": "marketing", "is_granted": True}
    said = [
        {**consent, "member_id": member, "changed_at": datetime(2024, 1, 1, tzinfo=UTC)}
        for member in (float("nan"), 7.0)
    ]
    pq.write_table(pa.Table.from_pylist(said), path)
    (result,) = land.land(brand)
    assert (result.accepted, result.quarantined) == (2, 0)
    assert rows(brand, "select value from vault.clear_value where namespace = 'member_id'") == [("7",)]


def test_columns_nobody_mapped_are_said(brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING.rstrip("\n") + ",mood\n" + line(1).rstrip("\n") + ",good\n")
    (result,) = land.land(brand)
    assert result.unmapped_columns == ("mood",)
    assert rows(brand, "select unmapped_columns from ops.batch") == [(["mood"],)]


def test_all_columns_of_a_file_with_a_heading_are_kept_for_its_replay(brand: Brand) -> None:
    more = [f"more{number}" for number in range(120)]
    write(brand, "till/a.csv", ",".join([HEADING.rstrip("\n"), *more]) + "\n" + line(1).rstrip("\n") + "," * 120 + "\n")
    (result,) = land.land(brand, sources=["till"])
    assert result.unmapped_columns == (*more[:50], "… and 70 more")
    assert rows(brand, "select source_columns from ops.batch") == [([*HEADING.rstrip("\n").split(","), *more],)]


def test_a_file_two_readers_count_differently_is_refused_and_the_next_lands(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brand, "till/a.csv", HEADING + line(1) + line(2))
    write(brand, "till/b.csv", HEADING + line(3))
    honest = formats.count_records
    monkeypatch.setattr(
        formats, "count_records", lambda path, how: honest(path, how) + (1 if path.name == "a.csv" else 0)
    )
    results = by_name(land.land(brand))
    assert (results["till/a.csv"].outcome, results["till/a.csv"].reason) == ("refused", "miscounted")
    assert results["till/b.csv"].outcome == "landed"
    assert rows(brand, "select order_id from raw.raw_pos__order_line") == [("3",)]


def test_a_quote_that_never_closes_loses_nothing(brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING + line(1) + '2,"1,2024-03-01 10:00:00,s1,p1,1,1.00\n' + line(3))
    (result,) = land.land(brand)
    assert (result.landed, result.accepted, result.quarantined) == (2, 1, 1)
    with session(brand.name, application_name="test") as connection:
        (waiting,) = replay.waiting(connection)
    assert waiting.original is not None
    assert line(3).strip() in waiting.original


def test_a_refused_file_is_offered_again_when_the_brand_file_is_mended(workshop: Workshop, brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING.replace("paid", "total") + line(1))
    write(brand, "till/b.csv", HEADING + line(2))
    assert {item.name: item.outcome for item in land.land(brand)} == {"till/a.csv": "refused", "till/b.csv": "landed"}
    mended = workshop.brand(SOURCES.replace('sales_amount = "paid"', 'sales_amount = "total"'), name=brand.name)
    assert [(item.name, item.outcome) for item in land.land(mended)] == [("till/a.csv", "landed")]


def test_an_identifier_that_cannot_be_read_is_set_aside_and_its_row_stays(brand: Brand) -> None:
    write(
        brand,
        "members/m.jsonl",
        '{"member_id": "7", "email": "A@b.example", "phone": "nonsense"}\n{"member_id": "8"}\n',
    )
    (result,) = land.land(brand)
    assert (result.accepted, result.quarantined) == (2, 0)
    assert rows(brand, "select row_number, field, reason from quarantine.value") == [
        (1, "phone", "malformed_identifier")
    ]
    assert rows(brand, "select count(phone_key), count(email_key), count(member_id_key) from raw.raw_crm__member") == [
        (0, 1, 2)
    ]


def test_the_same_person_gets_the_same_token_from_every_source(brand: Brand) -> None:
    write(brand, "members/m.jsonl", '{"member_id": "7", "email": "A@B.example"}\n')
    write(
        brand,
        "consents/c.csv",
        "email,channel,purpose,is_granted,changed_at\n a@b.EXAMPLE ,email,marketing,true,2024-01-01 00:00:00\n",
    )
    land.land(brand)
    assert rows(
        brand,
        "select mem.email_key = con.email_key from raw.raw_crm__member as mem cross join raw.raw_crm__consent as con",
    ) == [(True,)]


def test_two_processes_at_once_land_a_file_once(brand: Brand) -> None:
    write(brand, "till/a.csv", HEADING + "".join(line(number) for number in range(3000)))
    with ThreadPoolExecutor(4) as pool:
        outcomes = [item.outcome for results in pool.map(lambda _: land.land(brand), range(4)) for item in results]
    assert sorted(outcomes) == ["known"] * (len(outcomes) - 1) + ["landed"]
    assert rows(brand, "select count(*) from raw.raw_pos__order_line") == [(3000,)]


def test_another_pii_key_is_refused(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    write(brand, "members/m.jsonl", '{"member_id": "7"}\n')
    land.land(brand)
    monkeypatch.setenv("TOUCHSTREAM_PII_KEY", "77" * 32)
    with pytest.raises(PiiKeyError, match="not the one that brand"):
        land.land(brand)
    with pytest.raises(PiiKeyError):
        replay.replay(brand)


def test_two_brands_share_no_table(workshop: Workshop, brand: Brand) -> None:
    other = workshop.brand(SOURCES)
    write(brand, "till/a.csv", HEADING + line(1))
    land.land(brand)
    assert land.land(other) == []
    assert rows(other, "select count(*) from raw.raw_pos__order_line") == [(0,)]
    assert rows(brand, "select current_database()") != rows(other, "select current_database()")
