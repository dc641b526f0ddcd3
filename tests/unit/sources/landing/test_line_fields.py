"""Lines that are written alike are read at once, and say what they say when each is looked at by itself."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.sources import json_reading
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.landing import json_alike, json_numbers
from orchestration.sources.landing.line_fields import LineFields
from orchestration.sources.mapping import LineColumn

COLUMNS = (
    LineColumn("a", "a nested", ("/a",), is_whole=True),
    LineColumn("b", "b nested", ("/b",), is_whole=False, is_plain=True),
    LineColumn("c.d", "c.d nested", ("/c.d", "/c/d"), is_whole=False),
)
VALUES = (
    *(
        "1",
        "-7",
        "0",
        "-0",
        "12.50",
        "0.5",
        "1.0",
        "-0.25",
        "0.00001",
        "1e3",
        "1E-2",
        "01",
        "-01",
        "-",
        ".5",
        "5.",
        "+1",
    ),
    *("1.2.3", "1-2", "999999999999999999", "9999999999999999999", "123456789012.1234", "1234567890123456.5", "NaN"),
    *("null", "true", "false", "nulL", "tru", "Infinity", "", " 1", "1 ", "[]", "{}", "[1]", '{"d": 1}', '{"d":"x"}'),
    *('""', '"x"', '"林 😀"', '"a\tb"', '"\\n"', '"\\u0000"', '"\\ud83d"', '"\x00"', '":"', '"\\":"', '","b":1', '"'),
    *('"x","a":"y"', '"}', '"a": "b"', '" "', '"{}"', '"1.0"', "1}{", '"x"}{"a":"y"'),
)
HEADS = ('"a":', '"b":', '"b": ', '"c.d":', '"c":', '"e":', '"a" :', '"\\u0061":', '"":', '"a:b":', '":":')
ENDS = ("", "\n", "\r\n", " ", "}")

pairs = st.tuples(st.sampled_from(HEADS), st.sampled_from(VALUES)).map("".join)
shapes = st.lists(st.sampled_from(HEADS), max_size=4)
between = st.sampled_from([",", ", ", " ,"])


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Lines of a few kinds, most of them plain."""
    kinds = draw(st.lists(st.tuples(shapes, between), min_size=1, max_size=3))
    lines: list[str] = []
    for heads, comma in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=12)):
        plain = st.sampled_from(["1", "2.5", '"x"', "null", "true"])
        values = [draw(st.one_of(plain, plain, st.sampled_from(VALUES))) for _ in heads]
        body = comma.join(head + value for head, value in zip(heads, values, strict=True))
        lines.append("{" + body + "}" + draw(st.sampled_from(ENDS[:3]) | st.sampled_from(ENDS)))
    return lines


def unjudged(lines: list[str]) -> pa.RecordBatch:
    count = len(lines)
    columns = [pa.array(lines, pa.string()), pa.array(range(1, count + 1), pa.int64()), pa.nulls(count, pa.string())]
    return pa.record_batch(columns, schema=json_reading.UNJUDGED)


def taken(lines: list[str], columns: tuple[LineColumn, ...] = COLUMNS) -> tuple[list[Any], list[bool], list[str]]:
    """Rows, which of them hold a NUL, and the names of their fields."""
    with duckdb.connect() as connection:
        fields = LineFields(connection, columns, is_judged=False)
        rows, nul = fields.take(unjudged(lines))
        rows.validate(full=True)
        try:
            keys = fields.keys()
        except RefusedFileError as error:
            keys = [error.reason]
        return rows.to_pylist(), [False] * len(lines) if nul is None else nul.tolist(), keys


def normal(rows: list[Any]) -> list[Any]:
    """The rows with the plainly read number as a number."""

    def number(text: str | None) -> float | str | None:
        try:
            return None if text is None else float(text)
        except ValueError:
            return text

    return [{**row, "b": number(row["b"])} for row in rows]


@settings(max_examples=400, deadline=None)
@given(texts())
def test_lines_read_at_once_say_what_they_say_one_by_one(lines: list[str]) -> None:
    rows, nul, keys = taken(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_alike, "read", lambda _: [])
        slow_rows, slow_nul, slow_keys = taken(lines)
    assert normal(rows) == normal(slow_rows)
    assert (nul, keys) == (slow_nul, slow_keys)


@settings(max_examples=400, deadline=None)
@given(texts())
def test_what_is_read_at_once_is_what_python_reads(lines: list[str]) -> None:
    for alike in json_alike.read(pa.array(lines, pa.string())):
        for row, place in enumerate(alike.places):
            told = json.loads(lines[place], parse_int=str, parse_float=str)
            words = {True: "true", False: "false"}
            assert {key: text[row].as_py() for key, text in alike.texts.items()} == {
                key: words.get(value, value) if isinstance(value, bool) else value for key, value in told.items()
            }


def test_what_programs_write_is_read_at_once() -> None:
    records = [{"a": f"v{row}", "b": row / 4, "c.d": None if row % 2 else True} for row in range(50)]
    for separators in ((",", ":"), (", ", ": ")):
        lines = [json.dumps(record, separators=separators) + "\n" for record in records]
        (alike,) = json_alike.read(pa.array(lines))
        assert alike.places.tolist() == list(range(50))
    fewer = [json.dumps({key: value for key, value in record.items() if value is not None}) for record in records]
    assert [len(alike.places) for alike in json_alike.read(pa.array(fewer))] == [25, 25]


def test_more_kinds_than_are_looked_for_are_left_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_alike, "MOST_KINDS", 2)
    lines = [json.dumps({f"k{row}": row}) for row in range(5)]
    assert [alike.places.tolist() for alike in json_alike.read(pa.array(lines))] == [[0], [1]]
    rows, _, keys = taken(lines)
    assert [row["_row_number"] for row in rows] == [1, 2, 3, 4, 5]
    assert keys == ["k0", "k1", "k2", "k3", "k4"]


def test_a_text_keeps_a_numbers_shortest_form() -> None:
    rows, _, _ = taken(['{"a":1.50}', '{"a":2.0}', '{"a":3}'])
    assert [row["a"] for row in rows] == ["1.5", "2", "3"]


def test_lines_without_one_object_are_refused() -> None:
    with duckdb.connect() as connection:
        fields = LineFields(connection, COLUMNS, is_judged=False)
        fields.take(unjudged(["7", "[]"]))
        with pytest.raises(RefusedFileError, match="no line of it is a JSON object"):
            fields.keys()


PLAIN = ("0", "7", "-7", "0.0", "-0.0", "0.1234", "1234567890123.25", "9" * 18)
OTHERS = (
    *("-", "-0", "00", "01", "-01", "1.", ".1", "-.1", "1..2", "1.2.3", "1-", "--1", "+1"),
    *("1e3", "0x1", "0.12345", "9" * 19, "12345678901234.25", "1 ", "٣"),
)


@pytest.mark.parametrize("text", [*PLAIN, *OTHERS])
def test_plain_numbers_are_told_from_others(text: str) -> None:
    plain, decimal = json_numbers.judge(pa.array(["5", text, "-1.5"]))
    assert plain.tolist() == [True, text in PLAIN, True]
    assert text in OTHERS or decimal.tolist() == [False, "." in text, True]
