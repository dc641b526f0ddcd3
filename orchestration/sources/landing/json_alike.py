"""JSON lines that are written alike, read as columns of text.

Here: the short cut for what programs write: line after line with the same keys in the same order, and nothing but
plain texts, numbers, true, false and null as values. The first line of such a kind says how its keys are written; of
every other line the bytes of all keys are compared with it, and what stands between them is proved to be one plain
value each. What is proved so is a JSON object to every reader. Not here: all other lines (json_text.py judges them, and
line_fields.py takes their fields), which keys are wanted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sources.json_text import is_json_object
from orchestration.sources.landing import arrays, json_numbers
from orchestration.sources.landing.arrays import Bytes, Hashes, Integers, Mask

MOST_KINDS = 32
"""Kinds of lines that are looked for in one chunk."""

_QUOTE, _COLON, _BLANK, _BRACE = b'": }'
_WORD = 8
_LOW = np.array([(1 << (8 * count)) - 1 for count in range(_WORD + 1)], np.uint64)
_IN_NO_TEXT = np.zeros(256, np.bool_)
_IN_NO_TEXT[[*range(32), _QUOTE, ord("\\")]] = True


@dataclass(frozen=True)
class Alike:
    """Lines of one kind: their `places` among all lines, ascending, and by key the text of each value.

    A number is the text that stands there; null is a missing one. `decimals`: where a key's value is a number with a
    point, whose text other readers may write otherwise.
    """

    places: Integers
    texts: dict[str, pa.Array]
    decimals: dict[str, Mask]


@dataclass(frozen=True)
class _Kind:
    """How lines are written: before each value its key, with all that stands around it."""

    keys: tuple[str, ...]
    heads: tuple[bytes, ...]


def read(lines: pa.Array) -> list[Alike]:
    """The lines that were written alike, kind by kind. A line in none of the kinds is left to others.

    `lines`: texts of UTF-8 without blanks before them, each with or without its line end. Raises UnicodeDecodeError
    where one is none.
    """
    found: list[Alike] = []
    if not len(lines):
        return found
    text = _Text(lines)
    is_open = text.counts > 0
    for _ in range(MOST_KINDS):
        first = int(is_open.argmax())
        if not is_open[first]:
            break
        kind = text.kind_of(first)
        if kind is not None:
            like, alike = text.read(kind, np.flatnonzero(is_open & (text.counts == len(kind.keys))))
            is_open[like] = False
            if alike.places.size:
                found.append(alike)
        is_open[first] = False
    return found


class _Text:
    """The lines as bytes, and where in them a quote is followed by a colon: each key has one of these."""

    def __init__(self, lines: pa.Array) -> None:
        self.data = arrays.own_content(lines)
        where = arrays.offsets(lines).astype(np.int64)
        self.where = where - where[0]
        self.ends = _last_bytes(self.data, self.where[1:])
        self.words = arrays.words_at(self.data)
        self.marks = np.flatnonzero((self.data[:-1] == _QUOTE) & (self.data[1:] == _COLON))
        ends = np.searchsorted(self.marks, self.where)
        self.first_marks, self.counts = ends[:-1], ends[1:] - ends[:-1]

    def kind_of(self, place: int) -> _Kind | None:
        """How a line is written; None where it is not written plainly."""
        begin = self.where[place]
        line = self.data[begin : self.ends[place] + 1].tobytes()
        if b"\\" in line or not is_json_object(line.decode()):
            return None
        keys = tuple(json.loads(line))
        first = self.first_marks[place]
        marks = (self.marks[first : first + len(keys)] - begin).tolist()
        if len(keys) != self.counts[place]:
            return None
        heads = tuple(_head(line, key, mark) for key, mark in zip(keys, marks, strict=True))
        is_plain = heads[0].startswith(b"{") and all(head.startswith(b",") for head in heads[1:])
        return _Kind(keys, heads) if is_plain else None

    def read(self, kind: _Kind, places: Integers) -> tuple[Integers, Alike]:
        """Of those lines the ones with the same keys, and what they hold where that is plain."""
        first, line_ends = self.first_marks[places], self.ends[places]
        marks = [self.marks[first + number] for number in range(len(kind.keys))]
        starts = [mark + len(head) - head.rindex(b":") + 1 for mark, head in zip(marks, kind.heads, strict=True)]
        heads = [start - len(head) for start, head in zip(starts, kind.heads, strict=True)]
        stops = [*heads[1:], line_ends]
        is_like = (heads[0] == self.where[places]) & (self.data[line_ends] == _BRACE)
        for head, begins, start, stop in zip(kind.heads, heads, starts, stops, strict=True):
            is_like &= stop > start
            is_like &= _are(self.words, begins, head)
        if not is_like.all():
            places = places[is_like]
            starts, stops = ([bound[is_like] for bound in bounds] for bounds in (starts, stops))
        return places, self._values(kind, places, starts, stops)

    def _values(self, kind: _Kind, places: Integers, starts: list[Integers], stops: list[Integers]) -> Alike:
        values = [_Value(self, start, stop) for start, stop in zip(starts, stops, strict=True)]
        bounds = np.stack([bound for value in values for bound in (value.starts, value.stops)], axis=1)
        is_sound = np.ones(len(places), np.bool_)
        texts: dict[str, pa.Array] = {}
        decimals: dict[str, Mask] = {}
        for key, value, found in zip(kind.keys, values, self._columns(bounds), strict=True):
            is_sound &= value.are_sound(found)
            texts[key] = _without(found, value.is_null)
            if value.is_decimal.any():
                decimals[key] = value.is_decimal
        if is_sound.all():
            return Alike(places, texts, decimals)
        where = pa.array(is_sound)
        texts = {key: found.filter(where) for key, found in texts.items()}
        return Alike(places[is_sound], texts, {key: found[is_sound] for key, found in decimals.items()})

    def _columns(self, bounds: Integers) -> Iterator[pa.Array]:
        """The bytes between each two bounds of all lines, column by column.

        Values and what stands between them make one array of texts over the lines' own bytes; every other is a value.
        """
        count, width = bounds.shape
        where = pa.py_buffer(np.append(bounds.reshape(-1).astype(np.int32), np.int32(len(self.data))))
        pieces = pa.Array.from_buffers(pa.string(), count * width, [None, where, pa.py_buffer(self.data)])
        for place in range(0, width, 2):
            yield pieces.take(pa.array(np.arange(place, count * width, width, dtype=np.int32)))


class _Value:
    """What stands behind one key in all lines of a kind: of a text, what is within its quotes."""

    def __init__(self, text: _Text, starts: Integers, stops: Integers) -> None:
        first = text.data[starts]
        self.is_text: Mask = first == _QUOTE
        self.is_decimal = np.zeros(len(starts), np.bool_)
        self._is_broken = self.is_decimal
        self.is_null = _are_whole(text, starts, stops, first, b"null")
        is_word = self.is_null | _are_whole(text, starts, stops, first, b"true")
        is_word |= _are_whole(text, starts, stops, first, b"false")
        self.is_number = ~(self.is_text | is_word)
        if self.is_text.any():
            is_quoted = self.is_text & (text.data[stops - 1] == _QUOTE) & (stops - starts > 1)
            self._is_broken = self.is_text & ~is_quoted
            starts, stops = starts + is_quoted, stops - is_quoted
        self.starts, self.stops = starts, stops

    def are_sound(self, found: pa.Array) -> Mask:
        """Which values are plain, told by their bytes."""
        is_sound = ~self._is_broken
        data = arrays.own_content(found)
        if self.is_text.any() and (is_odd := _IN_NO_TEXT[data]).any():
            is_sound[arrays.owners(found, np.flatnonzero(is_odd))] = False
        if self.is_number.any():
            is_all = bool(self.is_number.all())
            is_plain, is_decimal = json_numbers.judge(found if is_all else found.filter(pa.array(self.is_number)))
            is_sound[self.is_number] &= is_plain
            self.is_decimal[self.is_number] = is_decimal
        return is_sound


def _last_bytes(data: Bytes, behind: Integers) -> Integers:
    """The last byte of each line that ends before those places, line ends aside."""
    for line_end in b"\n\r":
        behind = behind - (data[behind - 1] == line_end)
    return behind - 1


def _head(line: bytes, key: str, mark: int) -> bytes:
    """The key that ends at a mark, with the comma or brace and the blanks before it, the colon and a blank behind it.

    Empty where another key stands there.
    """
    name = b'"' + key.encode() + b'"'
    begin, end = mark + 1 - len(name), mark + 2
    if begin < 1 or line[begin : mark + 1] != name:
        return b""
    while begin > 1 and line[begin - 1] == _BLANK:
        begin -= 1
    return line[begin - 1 : end + (line[end] == _BLANK)]


def _are(words: Hashes, begins: Integers, told: bytes) -> Mask:
    """Where those bytes stand at the places where they should begin."""
    found = np.ones(len(begins), np.bool_)
    for begin in range(0, len(told), _WORD):
        part = told[begin : begin + _WORD]
        word = np.uint64(int.from_bytes(part, "little"))
        found &= (words[begins + begin] & _LOW[len(part)]) == word
    return found


def _are_whole(text: _Text, starts: Integers, stops: Integers, first: Bytes, told: bytes) -> Mask:
    """Where a value is that word; `first`: the first byte of each."""
    found = first == told[0]
    if found.any():
        found &= stops - starts == len(told)
        found[found] = _are(text.words, starts[found], told)
    return found


def _without(text: pa.Array, is_null: Mask) -> pa.Array:
    """The same texts, missing where there is null."""
    if not is_null.any():
        return text
    if is_null.all():
        return pa.nulls(len(text), pa.string())
    _, where, data = text.buffers()
    return pa.Array.from_buffers(pa.string(), len(text), [arrays.bitmap(~is_null), where, data])
