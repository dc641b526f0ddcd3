"""Shared files: one process at a time, never half written, passwords for their owner's eyes only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.warehouse import files
from orchestration.warehouse.errors import WarehouseError

_HOLD = """
import sys, time
from pathlib import Path
from orchestration.warehouse.files import file_lock
with file_lock(Path(sys.argv[1]), timeout_seconds=5):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_keeps_others_out_until_its_holder_dies(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(WarehouseError, match="locked by another process"),
            files.file_lock(lock, timeout_seconds=0.1),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
    with files.file_lock(lock, timeout_seconds=5):
        assert lock.exists()


def test_passwords_are_kept_by_server_and_role_and_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "home"))
    files.note_password("embedded", "one", "first")
    files.note_password("embedded", "two", "second")
    files.note_password("db.example:5432", "one", "third")
    files.note_password("embedded", "two", None)
    assert files.password("embedded", "one") == "first"
    assert files.password("embedded", "two") is None
    assert files.password("db.example:5432", "one") == "third"
    assert files.passwords_path().stat().st_mode & 0o777 == 0o600
    files.forget_server("embedded")
    assert files.password("embedded", "one") is None
    assert files.password("db.example:5432", "one") == "third"


def test_a_password_file_that_is_not_json_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "notes.json"
    broken.write_text("{half")
    with pytest.raises(WarehouseError, match=r"notes\.json is not JSON"):
        files.read_json(broken)


def test_nothing_is_left_beside_a_written_file(tmp_path: Path) -> None:
    files.write_json(tmp_path / "notes.json", {"port": 1}, mode=0o644)
    files.write_json(tmp_path / "notes.json", {"port": 2}, mode=0o644)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]
    assert files.read_json(tmp_path / "notes.json") == {"port": 2}
