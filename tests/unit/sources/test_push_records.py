"""Every record in a body is found once, as it was written; a body that holds none is refused with what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources.push.records import DEEPEST, NotRecordsError, inspect, split

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def found(body: bytes, path: str = "") -> list[tuple[str, bool]]:
    inspected = inspect(body, path)
    cut = list(split(body, path, inspected.layout))
    assert len(cut) == inspected.count
    return cut


@pytest.mark.parametrize(
    ("body", "path", "wanted"),
    [
        (b'{"a": 1.10}', "", ['{"a": 1.10}']),
        (b'\xef\xbb\xbf [{"a":1} ,\n{"b":[1,\n2]}]\n', "", ['{"a":1}', '{"b":[1,\n2]}']),
        (b'[{"a":1}, 7, null, [{"b":2}], "x"]', "", ['{"a":1}', "!7", "!null", '![{"b":2}]', '!"x"']),
        (b'{"a":1}\n\n{"b":2}\r\nbroken\n[{"c":3},4]', "", ['{"a":1}', '{"b":2}', "!broken", '{"c":3}', "!4"]),
        (b'{"m": {"e": 0}, "d": {"e": [{"a":1},{"b":2}]}}', "d.e", ['{"a":1}', '{"b":2}']),
        (b'[{"e":[{"a":1},5]},{"e":{"z":1}}]', "e", ['{"a":1}', "!5", '{"z":1}']),
        (b'{"e":1,"e":[{"last":1}]}', "e", ['{"last":1}']),
        (b'{"e":{"a":1}}\n{"other":1}', "e", ['{"a":1}', '!{"other":1}']),
        (b"[]", "", []),
        (b'{"e":[]}', "e", []),
        (rb'[{"a":"\ud800"},{"a":"\ud83d\ude00"}]', "", [r'!{"a":"\ud800"}', r'{"a":"\ud83d\ude00"}']),
        (rb'[{"a\u0000":1},{"a":"\u0000"}]', "", [r'!{"a\u0000":1}', r'{"a":"\u0000"}']),
        ('{"a":"\u2028"}\n{"b":"\x85"}'.encode(), "", ['{"a":"\u2028"}', '{"b":"\x85"}']),
    ],
)
def test_records_are_cut_out_as_they_were_written(body: bytes, path: str, wanted: list[str]) -> None:
    """What begins with ! is no object."""
    assert [text if is_object else f"!{text}" for text, is_object in found(body, path)] == wanted


@pytest.mark.parametrize(
    ("body", "path", "reason"),
    [
        (b"", "", "empty_body"),
        (b" \n ", "", "empty_body"),
        (b"\xff\xfe[", "", "not_utf8"),
        ("退订".encode("gb18030"), "", "not_utf8"),
        (b'[{"phone": "13800138000"}', "", "not_json"),
        (b"phone=13800138000&text=TD", "", "not_json"),
        (b"phone=13800138000\ntext=TD", "", "not_json"),
        (b"<xml><phone>13800138000</phone></xml>", "", "not_json"),
        (b'{"a": NaN}', "", "not_json"),
        (b"[" * 100_000, "", "not_json"),
        (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), "", "not_json"),
        (b"1" * 5_000, "", "not_json"),
        (b'{"a": 1}', "events", "no_records"),
        (b'{"events": 3}', "events.list", "no_records"),
        (b'[{"events": []}, 4]', "events", "no_records"),
    ],
)
def test_a_body_without_records_is_refused_and_nothing_of_it_is_repeated(body: bytes, path: str, reason: str) -> None:
    with pytest.raises(NotRecordsError) as refused:
        inspect(body, path)
    assert refused.value.reason == reason
    assert "13800138000" not in str(refused.value)


def test_as_many_levels_as_are_allowed_pass() -> None:
    body = b'{"a":' * DEEPEST + b"1" + b"}" * DEEPEST
    assert found(body) == [(body.decode(), True)]


@given(values=st.lists(VALUES, max_size=5), indent=st.sampled_from([None, 1]), escaped=st.booleans())
def test_both_readers_agree_on_any_document(values: list[Any], indent: int | None, *, escaped: bool) -> None:
    body = json.dumps({"x": {"deep": values}, "y": 1}, indent=indent, ensure_ascii=escaped).encode(
        errors="surrogatepass"
    )
    assert [json.loads(text) for text, _ in found(body, "x.deep")] == values
    assert [is_object for _, is_object in found(body, "x.deep")] == [
        isinstance(one, dict) and "\0" not in "".join(one) for one in values
    ]


@given(
    st.lists(
        st.one_of(VALUES.map(json.dumps), st.text().map(lambda text: text.replace("\n", " ").replace("\r", " "))),
        min_size=2,
        max_size=6,
    )
)
def test_both_readers_agree_on_any_lines(lines: list[str]) -> None:
    body = "\n".join(['{"first": 1}', *lines]).encode()
    found(body)
