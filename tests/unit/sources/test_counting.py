"""Records are counted as Python's csv module and plain splitting count them, wherever the blocks are cut."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.sources import counting, csv_reading, formats, json_reading
from orchestration.sources.counting import UnusualQuotesError
from orchestration.sources.headings import RefusedFileError

cells = st.one_of(st.text("ab", max_size=3), st.text('a",\n\r ', max_size=4))
tables = st.lists(st.lists(cells, min_size=1, max_size=3), max_size=6)
ends = st.sampled_from(["\n", "\r\n"])


def cut(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def by_csv(text: str) -> int:
    return sum(1 for record in csv.reader(io.StringIO(text, newline="")) if record)


@given(tables, ends, st.integers(1, 9))
def test_written_tables_are_counted_wherever_they_are_cut(table: list[list[str]], end: str, size: int) -> None:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator=end).writerows(table)
    text = held.getvalue()
    try:
        assert counting.csv_records(cut(text.encode(), size), b",") == by_csv(text)
    except UnusualQuotesError:
        assert "\r" in text


@given(st.text('a",\n ', max_size=30), st.integers(1, 9))
def test_any_text_is_counted_as_the_csv_module_counts_it_or_left_to_it(text: str, size: int) -> None:
    try:
        counted = counting.csv_records(cut(text.encode(), size), b",")
    except UnusualQuotesError:
        assert '"' in text
    else:
        assert counted == by_csv(text)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("", 0),
        ("a,b", 1),
        ("a,b\n\n\n1,2\n", 2),
        ('a\n"x\ny"\n"x""y"\n""\n', 4),
        ('"a\n\n\nb",c\r\n"d\r\n",e\r\n', 2),
        (" \n\t\n", 2),
        ("林,女士\n", 1),
    ],
)
def test_quoted_line_ends_end_no_record(text: str, records: int) -> None:
    assert counting.csv_records([text.encode()], b",") == records == by_csv(text)


@pytest.mark.parametrize("text", ['5" disc,1\n', '"a"b,c\n', 'a,"b', "a\rb\n", '"a" ,b\n'])
def test_unusual_quotes_are_left_to_a_reader_of_characters(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusualQuotesError):
        counting.csv_records([text.encode()], b",")
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + text, encoding="utf-8", newline="")
    how = formats.recognise(path, "auto", ",", "utf-8")
    assert formats.count_records(path, how) == by_csv(text)


@given(st.lists(st.sampled_from(['{"a": 1}', "", " \t", "x", "\r"])), st.sampled_from(["", "\n"]), st.integers(1, 7))
def test_lines_that_hold_more_than_blanks_are_counted(lines: list[str], end: str, size: int) -> None:
    text = "\n".join(lines) + end
    assert counting.json_lines(cut(text.encode(), size)) == sum(1 for line in text.split("\n") if line.strip(" \t\r"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(['{"a": 1}', " ", "x", "\r", "\n", "\r\n", "\u2028", "\x0b"]), max_size=9))
def test_reader_and_counter_know_the_same_line_ends(tmp_path: Path, parts: list[str]) -> None:
    """A carriage return alone, or what Unicode takes for a line's end, ends none: there is one line feed or no end."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(("".join(parts) + '\n{"a": 2}').encode())
    how = formats.recognise(path, "auto", ",", "utf-8")
    assert formats.read(path, how).read_all().num_rows == formats.count_records(path, how)


def test_a_reader_that_loses_a_json_line_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count shares nothing with the reader: what the reader takes for its rows does not reach it."""
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"a": number}) + "\n" for number in range(9)), encoding="utf-8")
    how = formats.recognise(path, "auto", ",", "utf-8")
    honest = json_reading.split
    monkeypatch.setattr(json_reading, "split", lambda text: honest(text)[1:])
    assert formats.read(path, how).read_all().num_rows == 8
    assert formats.count_records(path, how) == 9


def test_a_row_longer_than_a_block_is_read_and_numbered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "BLOCK_BYTES", 4096)
    path = tmp_path / "a.csv"
    rows = [f"{number},x" if number % 7 else f"{number},{number},x" for number in range(1, 3000)]
    rows[1500] = f"1501,{'y' * 20_000}"
    path.write_text("a,b\n" + "\n".join(rows), encoding="utf-8")
    how = formats.recognise(path, "auto", ",", "utf-8")
    read = sorted(formats.read(path, how).read_all().to_pylist(), key=lambda row: row["_row_number"])
    assert [row["_row_number"] for row in read] == list(range(1, 3000))
    assert [int((row["a"] or row["_malformed"]).partition(",")[0]) for row in read] == list(range(1, 3000))
    assert len(read[1500]["b"]) == 20_000
    assert formats.count_records(path, how) == 2999


def test_a_row_beyond_all_blocks_refuses_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "BLOCK_BYTES", 4096)
    monkeypatch.setattr(csv_reading, "MOST_ROW_BYTES", 8192)
    path = tmp_path / "a.csv"
    path.write_text(f"a,b\n1,{'y' * 20_000}\n", encoding="utf-8")
    with pytest.raises(RefusedFileError) as refused:
        formats.read(path, formats.recognise(path, "auto", ",", "utf-8")).read_all()
    assert refused.value.reason == "broken_csv"
