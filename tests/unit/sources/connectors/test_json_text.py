"""What an API says goes on without losing a digit, on one line."""

from __future__ import annotations

import json

import pytest

from orchestration.sources.connectors import json_text
from orchestration.sources.connectors.json_text import BadAnswerError


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.10,"b":123456789012345678901234567890,"c":0.1000000000000000055,"d":1E+400}',
        '{"名":"青岚","a.b":{"c":[1,null,true,{"d":"x\\ny\\u2028"}]}}',
        '"half a pair: \\ud83d"',
        "[]",
    ],
)
def test_a_record_is_one_line_that_says_the_same(text: str) -> None:
    line = json_text.written(json_text.parsed(text.encode()))
    assert "\n" not in line
    line.encode()
    assert json.loads(line, parse_float=str) == json.loads(text, parse_float=str)


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"a":', b"\xff\xfe\xfa", b"[" * 100_000])
def test_what_is_no_json_is_told(content: bytes) -> None:
    with pytest.raises(BadAnswerError, match="no JSON"):
        json_text.parsed(content)


def test_paths_lead_through_objects_and_names_with_dots() -> None:
    answer = {"data": {"items": [1]}, "a.b": {"c": 2}, "none": {"items": None}}
    assert json_text.list_at(answer, "data.items") == [1]
    assert json_text.list_at([1, 2], "") == [1, 2]
    assert json_text.list_at(answer, "none.items") == []
    assert json_text.at(answer, "a.b") == {"c": 2}
    for path in ("data", "data.rows", "nothing.at.all", ""):
        with pytest.raises(BadAnswerError, match="no list of records"):
            json_text.list_at(answer, path)
    body: dict[str, object] = {"filter": {"x": 1}}
    json_text.put(body, "filter.from.day", 2)
    assert body == {"filter": {"x": 1, "from": {"day": 2}}}
