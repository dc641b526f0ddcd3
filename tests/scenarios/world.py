"""A small brand whose history a test writes, and dbt tells.

Here: a `World` with verbs a story is told in: land rows, build to a day, read what came out. Not here: landing itself
(rows are put into raw as the lander would leave them, tokens being whatever text the story uses), expectations.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import sql

from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.sources.contracts import CONTRACTS
from orchestration.warehouse import connect, dbt
from tests.workshop import Workshop

Row = Mapping[str, Any]
BRAND_FILE = 'title = "A told world"\ntime_zone = "{}"\ncurrency = "CNY"\ncountry = "CN"\n'


class World:
    """One brand, alone in its database."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the brand's days begin and end."""
        return ZoneInfo(self.brand.file.time_zone)

    def clear(self) -> None:
        """Forget every landed row."""
        with connect.connect(self.brand.name) as connection:
            raw_tables.ensure(connection)
            for contract in CONTRACTS.values():
                connection.execute(sql.SQL("truncate raw.{}").format(sql.Identifier(contract.raw_table)))

    def land(
        self, contract_id: str, rows: Sequence[Row], *, source: str = "told", at: str = "2025-01-01 00:00+00"
    ) -> None:
        """Put rows into raw as one batch of `source`, loaded `at`; a row may name a source of its own (`_source`)."""
        contract = CONTRACTS[contract_id]
        names = [name for name, _ in raw_tables.all_columns(contract)]
        batch = secrets.token_hex(8)
        copy = sql.SQL("copy raw.{} ({}) from stdin").format(
            sql.Identifier(contract.raw_table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with connect.connect(self.brand.name) as connection, connection.cursor().copy(copy) as stream:
            for number, row in enumerate(rows, start=1):
                assert set(row) <= set(names), set(row) - set(names)
                audit = {"_batch_id": batch, "_source": source, "_loaded_at": at, "_row_number": number}
                whole = {"_content_hash": 0, **audit, **row}
                stream.write_row([whole.get(name) for name in names])

    def build(
        self,
        *select: str,
        as_of: str = "",
        known_at: str = "",
        is_tested: bool = False,
        alone: Sequence[str] = (),
        **more: Any,
    ) -> None:
        """Make the selected models and what they read (every model when none is named), with their tests if asked.

        What `alone` selects is made without what it reads.
        """
        told = {
            "brand": self.brand.name,
            "time_zone": self.brand.file.time_zone,
            "currency": self.brand.file.currency,
            "as_of": as_of,
            "known_at": known_at,
            **more,
        }
        arguments = ["build", "--vars", json.dumps(told)]
        if not is_tested:
            arguments += ["--resource-type", "seed", "--resource-type", "model"]
        if select or alone:
            arguments += ["--select", *(f"+{name}" for name in select), *alone]
        result = dbt.invoke(self.brand, arguments)
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connect.connect(self.brand.name) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def open_world(workshop: Workshop, *, time_zone: str = "Asia/Shanghai") -> Iterator[World]:
    """A new brand in the workshop; gone afterwards."""
    world = World(workshop.brand(BRAND_FILE.format(time_zone)))
    try:
        yield world
    finally:
        connect.drop_brand(world.brand.name)
