"""How one column of a source is read, as a brand file says it.

Here: the settings and their checks. Not here: the rest of a source (brands.py), the expressions that read
(sources/mapping.py).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

STRPTIME = re.compile(r"[^%]*%[%aAbBcdfgHIjmMnpSuwWxXyYzZ-](?:[^%]|%[%aAbBcdfgHIjmMnpSuwWxXyYzZ-])*")
EPOCHS = ("epoch_s", "epoch_ms")


class ColumnRule(BaseModel):
    """How one contract field is read from a source, when a bare column name is not enough.

    `column`: the source's column; in JSON lines `properties.url` reads a field of an object. `constant`: the same text
    for every row, instead of a column. `format`: strptime pattern of a date or moment, or `epoch_s`, `epoch_ms` for
    seconds or milliseconds since 1970. `values`: source value → contract value; other values stay as they are.
    `number`: how a number is written there, by this example; without it, `1234.56`.
    `week_one`: the column counts weeks and this is the first day of week 1 (`YYYY-MM-DD`). `plus_days`: days added to
    the date.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    constant: str | None = None
    format: str | None = None
    values: dict[str, str] = {}
    number: Literal["1,234.56", "1.234,56", "1 234,56", "1'234.56"] | None = None
    week_one: str | None = None
    plus_days: int = 0

    @field_validator("week_one")
    @classmethod
    def _is_a_day(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                date.fromisoformat(value)
            except ValueError:
                raise ValueError(f"{value!r} is no day; write the first day of week 1 as YYYY-MM-DD") from None
        return value

    @field_validator("format")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        if value is not None and value not in EPOCHS and not STRPTIME.fullmatch(value):
            raise ValueError(
                f"{value!r} is no strptime pattern; write it like %d.%m.%Y %H:%M, or one of {', '.join(EPOCHS)}"
            )
        return value
