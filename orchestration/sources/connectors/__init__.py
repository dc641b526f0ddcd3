"""Connectors: one small module per way of reaching a source.

Here: the interface. A connector finds what a source has to offer as `Offer`s, each one a batch: a file, or a page of
an API. It knows neither contracts nor tables. An own connector is a module of own/, found by its name. Not here:
reading a file's format (formats.py), landing (landing/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

import pyarrow as pa

from orchestration import settings
from orchestration.brands import Brand, Source

Cursor = Mapping[str, Any]


@dataclass(frozen=True)
class Offer:
    """One batch that a source offers.

    `name`: what people call it (a file name). `digest`: hash of its content: equal content is the same batch. `read`:
    its rows, afresh at every call (formats.py says the columns). `count`: its records, counted by another reader.
    `advance`: the source's cursor once this batch has landed, from the one before; a refused batch does not advance it,
    so it is offered again until it, or the brand file, is mended. `read` and `count` may raise RefusedFileError.
    """

    name: str
    digest: str
    read: Callable[[], pa.RecordBatchReader]
    count: Callable[[], int]
    advance: Callable[[Cursor], Cursor]


class Connector(Protocol):
    """What every connector gives: the offers of a source beyond its cursor, oldest first."""

    def __call__(self, brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
        """The offers of one source, none that `cursor` says has landed."""
        ...


def own(name: str) -> Connector:
    """The connector of a module of own/, by the name a brand file gives it: `own.erp`.

    Raises TypeError where the module has no function `offers`.
    """
    package, folder = import_module(f"{__name__}.own"), str(settings.own_connectors_folder())
    if folder not in package.__path__:
        package.__path__.append(folder)
    module = import_module(f"{__name__}.{name}")
    found: Connector | None = getattr(module, "offers", None)
    if not callable(found):
        raise TypeError(f"{module.__name__} has no function offers(brand, source, cursor)")
    return found
