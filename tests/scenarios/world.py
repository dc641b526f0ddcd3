"""A small brand whose history a test writes, and dbt tells.

Here: a `World` with verbs a story is told in: land rows, build to a day, read what came out. Not here: landing itself
(rows are put into raw as the lander would leave them, tokens being whatever text the story uses), expectations.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg import sql

from orchestration import settings
from orchestration.brands import Brand, BrandFile
from orchestration.sources import raw_tables
from orchestration.sources.contracts import CONTRACTS
from orchestration.warehouse import connect, dbt, server

Row = Mapping[str, Any]


class World:
    """One brand, alone in its database. Days are cut in `time_zone`."""

    def __init__(self, name: str, *, time_zone: str = "Asia/Shanghai") -> None:
        file = BrandFile(title="A told world", time_zone=time_zone, currency="CNY", country="CN")
        self.brand = Brand(name=name, path=Path(f"{name}.toml"), file=file)

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
                whole = {"_content_hash": "", **audit, **row}
                stream.write_row([whole.get(name) for name in names])

    def build(self, *select: str, as_of: str = "", known_at: str = "", is_tested: bool = False, **more: Any) -> None:
        """Make the selected models and what they read (every model when none is named), with their tests if asked."""
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
        if select:
            arguments += ["--select", *(f"+{name}" for name in select)]
        result = dbt.invoke(self.brand, arguments)
        assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with connect.connect(self.brand.name) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def open_world(*, time_zone: str = "Asia/Shanghai") -> Iterator[World]:
    """A new brand on the server this run is for, in a home of its own; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-world-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTREAM_HOME", str(folder / "home"))
        world = World(f"world_{secrets.token_hex(4)}", time_zone=time_zone)
        connect.ensure_brand(world.brand.name)
        try:
            world.clear()
            yield world
        finally:
            connect.drop_brand(world.brand.name)
            if settings.external_database_url() is None:
                server.destroy()
            shutil.rmtree(folder, ignore_errors=True)
