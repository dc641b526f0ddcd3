"""The records in the body of a push: how many there are, told at the door, and each one as it was written.

Here: JSON documents (an array, or one object) and JSON lines, with a path to the records. Not here: what a record must
look like (contracts/). Counting and taking apart are two readers: `inspect` counts values of the parsed document, at
receipt; `split` cuts the text, at landing. A body whose JSON cannot be read is no push; a record that is no object is
one, and goes to quarantine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Layout = Literal["document", "lines"]
DEEPEST = 100
"""Levels of objects and arrays within each other that are read: far from where a reader's own stack would decide."""

_BLANK = re.compile(r"[ \t\n\r]*")


class NotRecordsError(ValueError):
    """A body that holds no records. `reason` is a code; the message says what is wrong and repeats nothing of it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Inspected:
    """A body that can be taken: whether it is one JSON document or one a line, and its number of records."""

    layout: Layout
    count: int


def _no_value(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_TOO_DEEP = f"more than {DEEPEST} levels lie within each other"
_DECODER = json.JSONDecoder(parse_constant=_no_value)


def inspect(body: bytes, path: str) -> Inspected:
    """Count the records that lie at `path` (keys with dots between them; empty: the body itself).

    Raises NotRecordsError for a body that is empty, no UTF-8, no JSON, or has nothing at `path`.
    """
    text = _decoded(body)
    if not text.strip():
        raise NotRecordsError("empty_body", "the body is empty: send a JSON object, an array of them, or one a line")
    keys = _keys(path)
    try:
        document = _parsed(text)
    except ValueError as error:
        lines = list(_lines(text))
        if len(lines) < 2 or not _is_json(lines[0]):
            raise NotRecordsError("not_json", f"the body is neither JSON nor JSON lines: {error}") from None
        return Inspected("lines", sum(_count_line(line, keys) for line in lines))
    return Inspected("document", len(_at(document, keys)))


def split(body: bytes, path: str, layout: Layout) -> Iterator[tuple[str, bool]]:
    """The records of a body that `inspect` took, as they were written, and whether each is a JSON object.

    An object is one that every reader reads alike: text that no character set can hold, or a key with a NUL, is none.
    """
    text = _decoded(body)
    keys = _keys(path)
    if layout == "document":
        yield from _records(text, _skip(text, 0), keys)
        return
    for line in _lines(text):
        try:
            found = list(_records(line, _skip(line, 0), keys)) if _is_json(line) else None
        except NotRecordsError:
            found = None
        yield from [(line, False)] if found is None else found


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotRecordsError("not_utf8", f"byte {error.start} of the body is no UTF-8") from None


def _keys(path: str) -> list[str]:
    return path.split(".") if path else []


def _lines(text: str) -> Iterator[str]:
    """The lines that hold something. Other signs than these two end no line: they may stand in a JSON text."""
    return (line.strip() for line in re.split(r"[\r\n]+", text) if line.strip())


def _parsed(text: str) -> Any:
    """The value a text holds; ValueError when it is no JSON or nested too deeply."""
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level, depth = [value], 0
    while level := [child for one in level for child in _children(one)]:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(_TOO_DEEP)
    return value


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _is_json(line: str) -> bool:
    try:
        _parsed(line)
    except ValueError:
        return False
    return True


def _count_line(line: str, keys: Sequence[str]) -> int:
    """Records in one line; a line that cannot be read, or has nothing at the path, is one broken record."""
    try:
        return len(_at(_parsed(line), keys))
    except ValueError:  # NotRecordsError is one
        return 1


def _at(value: Any, keys: Sequence[str]) -> list[Any]:
    """The values at a path; an array on the way is walked through, one at its end holds the records."""
    if isinstance(value, list):
        return [one for item in value for one in _at(item, keys)] if keys else value
    if not keys:
        return [value]
    if not isinstance(value, dict) or keys[0] not in value:
        raise _nothing_at(keys)
    return _at(value[keys[0]], keys[1:])


def _nothing_at(keys: Sequence[str]) -> NotRecordsError:
    return NotRecordsError(
        "no_records", f"the body has nothing at {'.'.join(keys)}, where the brand file says that its records are"
    )


def _skip(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start


def _records(text: str, start: int, keys: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The records at a path within the value that begins at `start`."""
    if text[start] == "[":
        for first in _elements(text, start):
            if keys:
                yield from _records(text, first, keys)
            else:
                yield _record(text, first)
    elif not keys:
        yield _record(text, start)
    else:
        place = _member(text, start, keys[0]) if text[start] == "{" else None
        if place is None:
            raise _nothing_at(keys)
        yield from _records(text, place, keys[1:])


def _elements(text: str, start: int) -> Iterator[int]:
    """Where each element of the array that begins at `start` begins."""
    place = _skip(text, start + 1)
    while text[place] != "]":
        yield place
        _, end = _DECODER.raw_decode(text, place)
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _member(text: str, start: int, wanted: str) -> int | None:
    """Where the value of a key begins in the object that begins at `start`; of a key that is there twice, the last."""
    found: int | None = None
    place = _skip(text, start + 1)
    while text[place] != "}":
        key, end = _DECODER.raw_decode(text, place)
        value = _skip(text, _skip(text, end) + 1)  # over the colon
        if key == wanted:
            found = value
        _, end = _DECODER.raw_decode(text, value)
        place = _skip(text, end)
        if text[place] == ",":
            place = _skip(text, place + 1)
    return found


def _record(text: str, start: int) -> tuple[str, bool]:
    value, end = _DECODER.raw_decode(text, start)
    record = text[start:end]
    is_object = isinstance(value, dict) and not any("\0" in key for key in value)
    if is_object and "\\u" in record:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return record, False
    return record, is_object
