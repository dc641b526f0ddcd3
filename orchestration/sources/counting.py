"""Records counted in the bytes of a file, by nobody who lands them.

Here: how many records a text has, told by its quotes and line ends alone. Not here: opening and decoding, and reading
rows to land them (csv_reading.py, json_reading.py, by Arrow): who reads and who counts share no code, so neither
agrees with itself.

A text comes as blocks of UTF-8, cut anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

_QUOTE, _LINE_END = b'"\n'
_JSON_BLANKS = b" \t\r"


class UnusualQuotesError(ValueError):
    """The text has quotes or line ends whose meaning only a reader of single characters can tell."""


def csv_records(blocks: Iterable[bytes], delimiter: bytes) -> int:
    """Records of a CSV text, its heading included; blank lines are none, line ends within quotes end none.

    Where every quote opens or closes a field or is written twice, the parity of quotes tells what lies within them, for
    whole blocks at once. Raises UnusualQuotesError where one does not, where the last is never closed, or where a line
    ends with a carriage return alone.
    """
    if len(delimiter) != 1:
        raise UnusualQuotesError
    counted, is_within = 0, False
    for lines in _whole_lines(blocks):
        text = _with_plain_ends(lines)
        if b'"' in text:
            found, is_within = _count_quoted(text, delimiter[0], is_within=is_within)
            counted += found
        elif not is_within:
            counted += _count_plain(text)
    if is_within:
        raise UnusualQuotesError
    return counted


def json_lines(blocks: Iterable[bytes]) -> int:
    """Lines of a text that hold more than blanks."""
    counted, is_empty = 0, True
    for block in blocks:
        text = np.frombuffer(block.translate(None, _JSON_BLANKS), np.uint8)
        if text.size:
            is_end = text == _LINE_END
            counted += int(np.count_nonzero(is_end[:-1] & ~is_end[1:])) + (is_empty and not is_end[0])
            is_empty = bool(is_end[-1])
    return counted


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut behind line ends; one is put behind the last line where it has none."""
    rest: list[bytes] = []
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, block[:cut]])
            rest = []
        rest.append(block[cut:])
    if last := b"".join(rest):
        yield last + b"\n"


def _with_plain_ends(lines: bytes) -> bytes:
    """Lines that end with a line feed alone; UnusualQuotesError for a carriage return before anything else."""
    if b"\r" not in lines:
        return lines
    if lines.count(b"\r") != lines.count(b"\r\n"):
        raise UnusualQuotesError
    return lines.replace(b"\r\n", b"\n")


def _count_plain(text: bytes) -> int:
    """Lines that are not empty."""
    is_end = np.frombuffer(text, np.uint8) == _LINE_END
    return int(np.count_nonzero(is_end) - np.count_nonzero(is_end[1:] & is_end[:-1]) - is_end[0])


def _count_quoted(text: bytes, delimiter: int, *, is_within: bool) -> tuple[int, bool]:
    """Records that end in the text, and whether its end lies within quotes; `is_within` says so of its beginning."""
    data = np.frombuffer(text, np.uint8)
    places = np.flatnonzero((data == _QUOTE) | (data == _LINE_END))
    is_quote = data[places] == _QUOTE
    within_behind = (np.cumsum(is_quote, dtype=np.uint8) + np.uint8(is_within)) & np.uint8(1)
    # Beside a quote: outwards of it. Before the first byte lies, as it were, the last one, which is a line end.
    beside = data.take(places + 1 - 2 * within_behind.astype(np.int64), mode="clip")
    is_usual = np.zeros(256, np.bool_)
    is_usual[[delimiter, _LINE_END, _QUOTE]] = True
    if not (is_usual[beside] | ~is_quote).all():
        raise UnusualQuotesError
    ends = places[~(is_quote | within_behind.view(np.bool_))]
    blank = np.count_nonzero(data[ends - 1] == _LINE_END)
    return int(ends.size - blank), bool(within_behind[-1])
