"""Connectors: one small module per way of reaching a source.

Here: the interface. A connector finds what a source has to offer as `Offer`s, each one a batch: a file, or a page of
an API. It knows neither contracts nor tables. What reads in order (http_api, sql) keeps its place as reading.py says;
what reads folders elsewhere (sftp, s3) fetches files and offers them as the drop folder's. An own connector is a
module of own/, found by its name. Not here: reading a file's format (formats.py), landing (landing/).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

import psycopg
import pyarrow as pa

from orchestration import settings
from orchestration.brands import Brand, Source

Cursor = Mapping[str, Any]


def takes_nothing(cursor: psycopg.Cursor[Any], batch_id: str) -> bool:
    """The `take` of a source whose cursor alone says how far it was read."""
    del cursor, batch_id
    return True


@dataclass(frozen=True)
class Offer:
    """One batch that a source offers.

    `name`: what people call it (a file name). `digest`: hash of its content: equal content is the same batch. `read`:
    its rows, afresh at every call (formats.py says the columns). `count`: its records, counted by another reader.
    `advance`: the source's cursor once this batch has landed, from the one before; a refused batch does not advance it,
    so it is offered again until it, or the brand file, is mended. `read` and `count` may raise RefusedFileError. `take`
    is called in the transaction that lands the batch, with its id, before anything is read: it marks in the database
    what the batch uses up, or says False where another batch has used some of it since; then this one does not land.
    """

    name: str
    digest: str
    read: Callable[[], pa.RecordBatchReader]
    count: Callable[[], int]
    advance: Callable[[Cursor], Cursor]
    take: Callable[[psycopg.Cursor[Any], str], bool] = takes_nothing


class SourceFailedError(RuntimeError):
    """A source that cannot be read now, or not as its settings say. `reason` is a code; the message says what to do.

    What it offered before has landed; the next landing goes on behind that. The message holds no secret and no row.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Connector(Protocol):
    """What every connector gives: the offers of a source beyond its cursor, oldest first."""

    def __call__(self, brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
        """The offers of one source, none that `cursor` says has landed; may raise SourceFailedError on the way."""
        ...


def lazily(module: str) -> Connector:
    """The connector `offers` of a module of this package, imported when it is used: drivers are slow to import."""

    def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
        found: Connector = import_module(f"{__name__}.{module}").offers
        return found(brand, source, cursor)

    return offers


def secret(variable: str) -> str:
    """The value of an environment variable that the brand file names; SourceFailedError when it is not set."""
    found = os.environ.get(variable)
    if not found:
        raise SourceFailedError("missing_secret", f"the variable {variable} is not set: set it where landing runs")
    return found


def missing_extra(package: str, extra: str) -> SourceFailedError:
    """The error of a connector whose package is not installed."""
    return SourceFailedError(
        "missing_extra", f"{package} is not installed, which this source needs: pip install 'touchstream[{extra}]'"
    )


def own_connector(name: str) -> Connector:
    """The connector of a module of own/, by the name a brand file gives it: `own.erp`.

    Raises TypeError where the module has no function `offers`. The name is not `own`: importing that folder gives this
    package an attribute of its name.
    """
    package, folder = import_module(f"{__name__}.own"), str(settings.own_connectors_folder())
    if folder not in package.__path__:
        package.__path__.append(folder)
    module = import_module(f"{__name__}.{name}")
    found: Connector | None = getattr(module, "offers", None)
    if not callable(found):
        raise TypeError(f"{module.__name__} has no function offers(brand, source, cursor)")
    return found
