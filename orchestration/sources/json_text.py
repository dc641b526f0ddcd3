"""What counts as a JSON object.

Here: one answer for the reader of JSON lines and for rows that come back from quarantine. Not here: taking fields out
of one (mapping.py).
"""

from __future__ import annotations

import json


def is_json_object(text: str) -> bool:
    """Whether the text is one JSON object, and to every reader the same.

    NaN is no value, half a surrogate pair no character.
    """
    try:
        found = json.loads(text, parse_constant=_no_value)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict)


def _no_value(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
