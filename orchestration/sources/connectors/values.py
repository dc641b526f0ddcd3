"""Values that tell how far a source was read: moments, days, numbers, texts.

Here: which of two is greater, what lies a while before one, how they are kept in a cursor. Not here: how a source is
read. APIs give moments as text; a text that is a number or an ISO 8601 moment is compared as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from orchestration.sources.connectors import SourceFailedError

Value: TypeAlias = str | int | float | Decimal | datetime | date | UUID

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?")


def rank(value: Value) -> tuple[int, Any]:
    """What a value is sorted by: numbers, then moments (without an offset: as if in UTC), then texts."""
    if isinstance(value, int | float | Decimal):
        return 0, Decimal(value)
    if isinstance(value, str):
        if _NUMBER.fullmatch(value):
            return 0, Decimal(value)
        moment = _moment(value)
        return (2, value) if moment is None else (1, moment)
    if isinstance(value, UUID):
        return 2, str(value)
    return 1, _in_utc(value)


def greatest(values: list[Value]) -> Value | None:
    """The greatest of the values; None of none."""
    return max(values, key=rank, default=None)


def before(value: Value, lag: float) -> Value:
    """What lies `lag` before a value (seconds for moments and days, else its own unit), written as the value is.

    Never later than that: what cannot be written so finely is rounded down. SourceFailedError for a text or UUID.
    """
    if not lag:
        return value
    if isinstance(value, datetime | date):
        return _earlier(value, lag)
    if isinstance(value, str) and _moment(value) is not None:
        return _like(value, datetime.fromisoformat(value) - timedelta(seconds=lag))
    kind, number = rank(value)
    if kind == 0:
        moved = number - Decimal(str(lag))
        if isinstance(value, float):
            return float(moved)
        whole = moved.to_integral_value("ROUND_FLOOR")
        return int(whole) if isinstance(value, int) else (str(moved) if isinstance(value, str) else moved)
    raise SourceFailedError(
        "bad_setting", "lag goes with moments, days and numbers: set it to 0, or read by another field"
    )


def not_after(value: Value, limit: Value | None, zone: tzinfo = UTC) -> Value:
    """The value, or the limit where that is less, written as the value is; `zone`: of texts without an offset.

    A limit of another kind is none.
    """
    if limit is None:
        return value
    if isinstance(value, str) and isinstance(limit, datetime):
        if _moment(value) is None:
            return value
        if datetime.fromisoformat(value).tzinfo is None:
            limit = limit.astimezone(zone).replace(tzinfo=None)
        written: Value = _like(value, limit)
    else:
        written = limit
    (kind, here), (limit_kind, there) = rank(value), rank(limit)
    return written if kind == limit_kind and there < here else value


def encoded(value: Value) -> Any:
    """The value as JSON, so that `decoded` gives it back with its type."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    return value


def decoded(stored: Any) -> Any:
    """A value of a cursor, as it was given to `encoded`."""
    if not isinstance(stored, Mapping):
        return stored
    ((kind, text),) = stored.items()
    makers: dict[str, Any] = {
        "moment": datetime.fromisoformat,
        "day": date.fromisoformat,
        "decimal": Decimal,
        "uuid": UUID,
    }
    return makers[kind](text)


def is_value(found: object) -> bool:
    """Whether something can be remembered as a place: not nothing, not a flag, not a structure."""
    return isinstance(found, str | int | float | Decimal | datetime | date | UUID) and not isinstance(found, bool)


def _moment(text: str) -> datetime | None:
    if not _DATED.fullmatch(text):
        return None
    try:
        return _in_utc(datetime.fromisoformat(text))
    except ValueError:
        return None


def _in_utc(value: datetime | date) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _earlier(value: datetime | date, lag: float) -> datetime | date:
    if isinstance(value, datetime):
        return value - timedelta(seconds=lag)
    days, rest = divmod(lag, 86_400)
    return value - timedelta(days=days + bool(rest))


def _like(text: str, moment: datetime) -> str:
    """A moment in the notation of a text, rounded down to what that can say."""
    if len(text) == 10:
        return moment.date().isoformat()
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.fromisoformat(text).tzinfo)
    fraction = re.search(r"[.,](\d+)", text)
    precision = "seconds" if fraction is None else ("milliseconds" if len(fraction[1]) <= 3 else "microseconds")
    written = moment.isoformat(sep=text[10], timespec=precision)
    if text.endswith(("Z", "z")):
        return written.removesuffix("+00:00") + text[-1]
    return re.sub(r":(\d\d)$", r"\1", written) if re.search(r"[+-]\d{4}$", text) else written
