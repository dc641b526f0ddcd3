"""JSON as an API sends it, without losing a digit.

Here: parsing (fractions stay decimal), paths into an answer, records as lines. Not here: asking (http_client.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast


class BadAnswerError(ValueError):
    """An answer that is not what the settings say; the message holds no value of it."""


def parsed(content: bytes) -> Any:
    """The answer's content; BadAnswerError when it is no JSON."""
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise BadAnswerError("the answer is no JSON") from None


def written(value: Any) -> str:
    """The value as JSON on one line, numbers as they came."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value).items()
        return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{written(item)}" for name, item in fields) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(item) for item in cast("list[Any]", value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if _is_encodable(text) else json.dumps(value)


def at(value: Any, path: str) -> Any:
    """What lies at a dotted path, None where nothing does; a key that holds dots is found by its whole name."""
    if not path:
        return value
    if not isinstance(value, Mapping):
        return None
    known = cast("Mapping[str, Any]", value)
    if path in known:
        return known[path]
    first, _, rest = path.partition(".")
    return at(known[first], rest) if rest and first in known else None


def list_at(value: Any, path: str) -> list[Any]:
    """The list at a path, empty where the API says null; BadAnswerError where there is none."""
    found = at(value, path)
    if isinstance(found, list):
        return cast("list[Any]", found)
    parent, _, last = path.rpartition(".")
    around = at(value, parent)
    if found is None and last and isinstance(around, Mapping) and last in around:
        return []
    told = ", ".join(sorted(map(str, cast("Mapping[str, Any]", value)))) if isinstance(value, Mapping) else "no object"
    raise BadAnswerError(f"no list of records at {path or 'the top'} of the answer (it has: {told[:200]}): set records")


def put(target: dict[str, Any], path: str, value: Any) -> None:
    """Set what lies at a dotted path, making the objects on the way."""
    first, _, rest = path.partition(".")
    if rest:
        put(target.setdefault(first, {}), rest, value)
    else:
        target[first] = value


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
