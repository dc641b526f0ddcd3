"""Servers and brands for the tests of the warehouse room.

Two kinds: an embedded server in a home of the test's own, which may be killed and broken; and one prepared brand on
whichever server the run is for (the embedded one, or `TOUCHSTREAM_DATABASE_URL`), which tests share and leave as they
found it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.warehouse import connect, server

Run = Callable[..., subprocess.Popen[str]]


@contextmanager
def _open_home() -> Generator[Path]:
    """A home that every account can enter, as a checkout usually is (pytest's own folders are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="touchstream-test-"))
    folder.chmod(0o755)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder)


@contextmanager
def _embedded(home: Path) -> Generator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTREAM_HOME", str(home))
        patch.delenv("TOUCHSTREAM_DATABASE_URL", raising=False)
        try:
            yield home
        finally:
            server.destroy()


@pytest.fixture
def home() -> Iterator[Path]:
    """A new home with nothing in it, for an embedded server; destroyed afterwards."""
    with _open_home() as folder, _embedded(folder):
        yield folder


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    """A home that the tests of one module share; nothing points to it outside `running`."""
    with _open_home() as folder:
        yield folder
        with _embedded(folder):
            pass


@pytest.fixture
def running(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> server.Status:
    """The module's embedded server, running, whatever the test before did to it."""
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(shared_folder))
    monkeypatch.delenv("TOUCHSTREAM_DATABASE_URL", raising=False)
    return server.start()


@pytest.fixture(scope="session")
def lab() -> Iterator[tuple[Path, str]]:
    """A home and a prepared brand on the server this run is for."""
    name = f"lab_{secrets.token_hex(4)}"
    with _open_home() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTREAM_HOME", str(folder))
        connect.ensure_brand(name)
        patch.undo()
        yield folder, name
        patch.setenv("TOUCHSTREAM_HOME", str(folder))
        connect.drop_brand(name)
        if settings.external_database_url() is None:
            server.destroy()


@pytest.fixture
def brand(lab: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the prepared brand, with the environment that leads to it."""
    folder, name = lab
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(folder))
    return name


@pytest.fixture
def python() -> Iterator[Run]:
    """Start Python code in a process of its own, in this test's environment, and see to its end."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str, *, own_session: bool = False) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=settings.project_root(),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=own_session,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
