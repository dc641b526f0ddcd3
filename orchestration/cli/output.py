"""Tables, lines and progress, for people and for pipes.

Here: how things look. On a terminal rich draws them; in a pipe they are plain tab-separated lines without colour or
animation.
"""

from __future__ import annotations

import csv
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.table import Table

from orchestration.warehouse.progress import LOGGER_NAME

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """One line to standard output."""
    console.print(text, markup=False, soft_wrap=True)


def complain(text: str) -> None:
    """An error to standard error."""
    errors.print(text, markup=False, soft_wrap=True, style="red" if errors.is_terminal else None)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """A table: drawn on a terminal, tab-separated with a heading otherwise."""
    shown = [["" if value is None else str(value) for value in row] for row in rows]
    if not console.is_terminal:
        for row in ([*columns], *shown):
            sys.stdout.write("\t".join(row) + "\n")
        return
    drawn = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(column)
    for row in shown:
        drawn.add_row(*row)
    console.print(drawn)


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV with a heading to standard output."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if value is None else _plain(value) for value in row])


def as_json(value: Any) -> None:
    """One JSON document to standard output."""
    sys.stdout.write(
        json.dumps(value, default=_plain, ensure_ascii=False, indent=2 if console.is_terminal else None) + "\n"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


class _Shown(logging.Handler):
    """Shows what plain code says it is doing: as a spinner's text on a terminal, as a line per stage otherwise."""

    def __init__(self, status: Status | None) -> None:
        super().__init__(logging.INFO)
        self._status = status
        self._stage = ""
        self._steps = 0

    def emit(self, record: logging.LogRecord) -> None:
        stage, what = getattr(record, "stage", ""), getattr(record, "what", record.getMessage())
        if stage != self._stage:
            self._stage, self._steps = stage, 0
            if self._status is None:
                errors.print(f"{stage} …", markup=False)
        self._steps += 1
        if self._status is not None:
            self._status.update(f"[bold]{stage}[/bold] {self._steps}: {what}")


@contextmanager
def progress() -> Iterator[None]:
    """Show what is going on while the body runs."""
    logger = logging.getLogger(LOGGER_NAME)
    level, propagates = logger.level, logger.propagate
    status = errors.status("starting") if errors.is_terminal else None
    handler = _Shown(status)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        if status is None:
            yield
        else:
            with status:
                yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates
