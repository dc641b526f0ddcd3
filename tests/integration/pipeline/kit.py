"""What the tests of the whole pipeline stand on: one small shop with its mail server, and what it must come to.

Here: a `Stall` with verbs a story is told in: deliver, run, kill, keep, bring back, compare. Not here: the shop's files
(shop.py), how commands are started (forge.py), fixtures (conftest.py of each folder).
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from orchestration.brands import Brand
from orchestration.warehouse import connect, server
from tests.integration.pipeline import shop
from tests.integration.pipeline.forge import Command, Forge
from tests.workshop import Workshop, rows


@dataclass(frozen=True)
class Outcome:
    """What a run left behind: fingerprints by relation, and how often the mail server took a message to whom."""

    fingerprints: dict[str, tuple[int, str]]
    mail: dict[str, int]


class Stall:
    """The shop as a brand of its own, with a mail server in a process of its own."""

    def __init__(self, workshop: Workshop, forge: Forge, *, name: str | None = None) -> None:
        self._workshop = workshop
        self._forge = forge
        self._port = _free_port()
        self.brand: Brand = workshop.brand(
            shop.BRAND.format(port=self._port), name=name or f"corner_{secrets.token_hex(3)}"
        )
        self.record = self.brand.home / "gateway" / "accepted.jsonl"
        self._kept: list[str] = []
        self._gateway = self._open_gateway()

    def _open_gateway(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "simulator.smtp_gateway", "--port", str(self._port), "--record"]
        gateway = subprocess.Popen([*command, str(self.record)], stdout=subprocess.PIPE, text=True)
        assert gateway.stdout is not None
        assert "ready" in gateway.stdout.readline()
        return gateway

    def close(self) -> None:
        """End the mail server and drop what was kept."""
        self._gateway.terminate()
        self._gateway.communicate(timeout=30)
        server.start()
        with server.connect_maintenance() as connection:
            for database in self._kept:
                connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(database)))

    def deliver(self, day: int) -> None:
        """A day's files arrive in the drop folder."""
        shop.deliver(self.brand.drop, day)

    def start(self, *arguments: str, **environment: str) -> Command:
        """Start a `touchstream` command on this brand."""
        return self._forge.start(["--brand", self.brand.name, *arguments], {**os.environ, **environment})

    def start_run(self, *arguments: str, **environment: str) -> Command:
        """Start the day's work, live."""
        return self.start("run", "--live", *arguments, **environment)

    def run(self, *arguments: str, **environment: str) -> Command:
        """Do the day's work, live, to its end, whatever that is."""
        command = self.start_run(*arguments, **environment)
        command.wait()
        return command

    def work(self, *arguments: str) -> dict[str, Any]:
        """Do the day's work, live; it must end well. What it says of itself."""
        command = self.run("--json", *arguments)
        assert command.returncode == 0, command.said()
        return json.loads(command.said().splitlines()[-1])

    def outcome(self) -> Outcome:
        """What there is now, by `touchstream fingerprint --json` and by the mail server's own record."""
        command = self.start("fingerprint", "--json")
        assert command.wait() == 0, command.said()
        found = {item["relation"]: (item["rows"], item["hash"]) for item in json.loads(command.said())}
        return Outcome(found, self.mail())

    def mail(self) -> dict[str, int]:
        """How often the mail server took a message for each recipient."""
        entries = [json.loads(line) for line in self.record.read_text(encoding="utf-8").splitlines()]
        return dict(Counter(entry["recipient"] for entry in entries))

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement gives on the warehouse."""
        return rows(self.brand, statement)

    def keep(self, label: str) -> None:
        """Keep the warehouse, the drop folder and the mail server's record as they are now."""
        target = self._name_of(label)
        with server.connect_maintenance() as connection:
            _copy_database(connection, connect.database_name(self.brand.name), target)
        self._kept.append(target)
        shutil.copytree(self.brand.drop, self._files_of(label))
        shutil.copyfile(self.record, self._files_of(label).with_suffix(".jsonl"))

    def bring_back(self, label: str) -> None:
        """Have it again as it was kept. Dagster's own storage goes on: a run must not mind what it holds."""
        server.start()
        with server.connect_maintenance() as connection:
            connection.execute(
                sql.SQL("drop database {} with (force)").format(sql.Identifier(connect.database_name(self.brand.name)))
            )
            _copy_database(connection, self._name_of(label), connect.database_name(self.brand.name))
        shutil.rmtree(self.brand.drop)
        shutil.copytree(self._files_of(label), self.brand.drop)
        shutil.copyfile(self._files_of(label).with_suffix(".jsonl"), self.record)

    def _name_of(self, label: str) -> str:
        return f"{self.brand.name}_kept_{label}"

    def _files_of(self, label: str) -> Path:
        return self.brand.home / "kept" / label


def _copy_database(connection: Any, source: str, target: str) -> None:
    """A copy with a checkpoint behind it.

    PostgreSQL does not log a sequence's next few values again in a copy made through its log; killed before the next
    checkpoint, the copy would give them out twice.
    """
    statement = sql.SQL("create database {} template {} strategy file_copy")
    connection.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))
    revoke = sql.SQL("revoke connect, temporary on database {} from public").format(sql.Identifier(target))
    connection.execute(revoke)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], *, seconds: float = 60.0, what: str = "it") -> None:
    """Wait for a condition; AssertionError when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.01)


def children_of(pid: int) -> list[int]:
    """The processes whose parent is `pid`."""
    listing = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listing.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def assert_as_undisturbed(found: Outcome, expected: Outcome) -> None:
    """Equal tables, and each message once to the same people."""
    told = sorted(found.fingerprints.keys() | expected.fingerprints.keys())
    different = {
        name: (found.fingerprints.get(name), expected.fingerprints.get(name))
        for name in told
        if found.fingerprints.get(name) != expected.fingerprints.get(name)
    }
    assert different == {}
    assert found.mail == expected.mail
    assert set(found.mail.values()) <= {1}


@contextmanager
def opened(workshop: Workshop) -> Iterator[Forge]:
    """A forge for the length of a test session."""
    forge = Forge(workshop.folder)
    try:
        yield forge
    finally:
        forge.close()
