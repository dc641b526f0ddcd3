"""Brands for tests: made from a text, on the server this run is for, gone afterwards.

Here: the home, the keys and the brand files of a test session. Not here: fixtures of one room (its own conftest).
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration import brands, settings
from orchestration.brands import Brand
from orchestration.sources import raw_tables
from orchestration.warehouse import connect, server

PII_KEY = "5a" * 32
HEAD = 'title = "Test"\ntime_zone = "America/New_York"\ncurrency = "USD"\n'


class Workshop:
    """Makes brands in one home; every brand has a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[str] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to work in this home."""
        return {
            "TOUCHSTREAM_HOME": str(self.folder / "home"),
            "TOUCHSTREAM_BRANDS": str(self.folder / "brands"),
            "TOUCHSTREAM_SECRETS": str(self.folder / "secrets"),
            "TOUCHSTREAM_PII_KEY": PII_KEY,
        }

    def brand(self, toml: str, *, name: str | None = None) -> Brand:
        """A brand whose file holds `toml` (a head with zone and currency is put before it when it has none)."""
        chosen = name or f"test_{secrets.token_hex(4)}"
        folder = self.folder / "brands"
        folder.mkdir(exist_ok=True)
        (folder / f"{chosen}.toml").write_text(
            toml if "time_zone" in toml.partition("[")[0] else HEAD + toml, encoding="utf-8"
        )
        brand = brands.load(chosen)
        connect.ensure_brand(chosen)
        self._made.append(chosen)
        with connect.connect(chosen) as connection:
            raw_tables.ensure(connection)
        return brand

    def python(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a Python process in this home, with more environment if wanted."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.project_root(),
            env={**os.environ, **self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def close(self) -> None:
        """Drop the brands' databases, and the server when it is ours."""
        if settings.external_database_url() is None:
            server.destroy()
            return
        for name in self._made:
            connect.drop_brand(name)


@contextmanager
def opened() -> Iterator[Workshop]:
    """A workshop in a home that every account can enter, as a checkout usually is."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-test-"))
    folder.chmod(0o755)
    workshop = Workshop(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in workshop.environment.items():
            patch.setenv(name, value)
        try:
            yield workshop
            workshop.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def rows(brand: Brand, statement: str, parameters: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
    """What a statement gives on the brand's warehouse."""
    with connect.connect(brand.name, application_name="test") as connection:
        return connection.execute(statement.encode(), parameters).fetchall()


def write(brand: Brand, name: str, content: str | bytes) -> Path:
    """Put a file into the brand's drop folder."""
    path = brand.drop / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
