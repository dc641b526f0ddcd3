"""What counts as a JSON object.

Here: one answer for the reader of JSON lines and for rows that come back from quarantine. Not here: taking fields out
of one (mapping.py).
"""

from __future__ import annotations

import json


def is_json_object(text: str) -> bool:
    """Whether the text is one JSON object, and to every reader the same.

    NaN is no value, half a surrogate pair no character, and of a key that is there twice some readers take the first,
    some the last value.
    """
    try:
        found = json.loads(text, parse_constant=_no_value, object_pairs_hook=_each_key_once)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict)


def _no_value(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found
