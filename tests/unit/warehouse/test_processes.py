"""A pid alone is no server: it may be dead and unburied, or somebody else's by now."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from orchestration.warehouse import processes


def _within_seconds(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true soon: a process needs a moment to be what it was started as."""
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_living_process_shows_its_command() -> None:
    line = processes.command_line(os.getpid())
    assert line is not None
    assert "python" in line


def test_a_dead_process_that_was_not_buried_counts_as_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    assert _within_seconds(lambda: processes.command_line(child.pid) is None)
    assert child.wait() == 0


def test_another_program_is_not_the_server(tmp_path: Path) -> None:
    assert not processes.is_server_of(os.getpid(), tmp_path)


def test_a_server_is_known_by_its_program_and_exactly_its_folder(tmp_path: Path) -> None:
    stand_in = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)", "postgres", "-D", str(tmp_path / "data"), "-c"]
    )
    try:
        assert _within_seconds(lambda: processes.is_server_of(stand_in.pid, tmp_path / "data"))
        assert not processes.is_server_of(stand_in.pid, tmp_path / "dat")
        assert not processes.is_server_of(stand_in.pid, tmp_path)
        assert list(processes.left_by("touchstream-none", tmp_path / "data")) == [stand_in.pid]
    finally:
        stand_in.kill()
        stand_in.wait()
