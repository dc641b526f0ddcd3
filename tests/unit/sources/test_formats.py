"""Files are read and counted by two readers that share nothing, and refused whole when they cannot be."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.sources import formats
from orchestration.sources.headings import RefusedFileError


def both(path: Path, **more: str) -> tuple[list[dict[str, object]], int]:
    how = formats.recognise(path, "auto", more.get("delimiter", ","), more.get("encoding", "utf-8"))
    count = formats.count_records(path, how)
    return sorted(formats.read(path, how).read_all().to_pylist(), key=lambda row: row["_row_number"]), count


def test_csv_rows_keep_their_number_when_broken_ones_stand_between(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n3,4,5\n"x\ny",z\n\n6\n7,8\n9\n', encoding="utf-8")
    rows, count = both(path)
    assert count == len(rows) == 6
    assert [(row["_row_number"], row["a"], row["_malformed"]) for row in rows] == [
        (1, "1", None),
        (2, None, "3,4,5"),
        (3, "x\ny", None),
        (4, None, "6"),
        (5, "7", None),
        (6, None, "9"),
    ]


def test_numbers_hold_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "BLOCK_BYTES", 4096)
    path = tmp_path / "long.csv"
    lines = [f"{number},x" if number % 97 else f"{number},x,too many" for number in range(1, 5001)]
    path.write_text("a,b\n" + "\n".join(lines) + "\n", encoding="utf-8")
    rows, count = both(path)
    assert count == len(rows) == 5000
    assert [row["_row_number"] for row in rows] == list(range(1, 5001))
    for row in rows:
        told = row["a"] or str(row["_malformed"]).partition(",")[0]
        assert told == str(row["_row_number"])


def test_json_lines_that_are_no_objects_are_malformed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\nbroken\n[1]\n{"a": "q"}', encoding="utf-8")
    rows, count = both(path)
    assert count == 4
    assert [row["_malformed"] for row in rows] == [None, "broken", "[1]", None]


def test_json_lines_that_only_some_readers_accept_are_malformed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": NaN}\n{"a": "\\ud83d"}\n' + "[" * 100_000 + '\n{"a": "\\ud83d\\ude00"}\n', encoding="utf-8")
    rows, count = both(path)
    assert count == 4
    assert [row["_malformed"] is None for row in rows] == [False, False, False, True]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=5), min_size=1, max_size=9))
def test_an_object_names_each_key_once(tmp_path: Path, lines: list[list[str]]) -> None:
    path = tmp_path / "a.jsonl"
    texts = ["{" + ", ".join(f'"{key}": {place}' for place, key in enumerate(keys)) + "}" for keys in lines]
    path.write_text("\n".join(['{"a": 0}', *texts]), encoding="utf-8")
    found, _ = both(path)
    assert [row["_malformed"] for row in found[1:]] == [
        None if len(set(keys)) == len(keys) else text for keys, text in zip(lines, texts, strict=True)
    ]


def test_a_parquet_file_damaged_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [str(number) * 9 for number in range(50_000)]}), path, use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[5_000:6_000] = b"\xff" * 1_000
    path.write_bytes(content)
    with pytest.raises(RefusedFileError) as refused:
        both(path)
    assert refused.value.reason == "broken_parquet"


@pytest.mark.parametrize("heading", ["a,_row_number", "a,_line", "secret,secret", "secret,"])
def test_a_heading_that_cannot_be_is_refused_without_telling_it(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{heading}\n1,2\n", encoding="utf-8")
    with pytest.raises(RefusedFileError) as refused:
        both(path)
    assert refused.value.reason == "bad_heading"
    assert "secret" not in str(refused.value)


def test_gzip_and_bom_and_other_encodings_are_read(tmp_path: Path) -> None:
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress("\ufeffname\né\n".encode()))
    assert both(packed)[0][0]["name"] == "é"
    chinese = tmp_path / "b.csv"
    chinese.write_bytes("name\n林女士\n".encode("gb18030"))
    assert both(chinese, encoding="gb18030")[0][0]["name"] == "林女士"


def test_a_heading_alone_is_an_empty_export(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n", encoding="utf-8")
    assert both(path) == ([], 0)


def test_parquet_is_counted_by_its_footer(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": list(range(250_000))}), path)
    rows, count = both(path)
    assert count == len(rows) == 250_000
    assert rows[-1]["_row_number"] == 250_000


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.csv", b"", "empty_file"),
        ("latin.csv", "name\né\n".encode("latin-1"), "wrong_encoding"),
        ("cut.csv.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 9000, mtime=0)[:-20], "broken_gzip"),
        ("no.csv.gz", b"a,b\n1,2\n", "broken_gzip"),
        ("cut.jsonl.gz", gzip.compress(b'{"a": 1}\n' * 9000, mtime=0)[:60], "broken_gzip"),
        ("no.parquet", b"PAR1 this is none", "broken_parquet"),
        ("twice.csv", b"a,a\n1,2\n", "bad_heading"),
        ("what.xlsx", b"PK", "unknown_format"),
    ],
)
def test_unreadable_files_are_refused_with_a_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RefusedFileError) as refused:
        both(path)
    assert refused.value.reason == reason
