"""A warm process that forks commands: `touchstream` as it is, without the ten seconds of imports before it.

Here: the forge (`python -m tests.integration.pipeline.forge SOCKET`), which has imported everything and done nothing,
and the two ends of a request. Not here: brands and what is expected of them (kit.py). A forked command is a process of
its own, in a session of its own: a signal meant for it meets nobody else. Its dbt is forked from it in the same way, as
a child of the command like the one it replaces, so that what the product says about parent and child holds here too.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, NoReturn

from orchestration.warehouse import processes

READY_SECONDS = 120.0
REQUEST_BYTES = 1 << 20


class Command:
    """A command that was forked, seen from the test: its process and its end."""

    def __init__(self, line: socket.socket, output: Path) -> None:
        self._line = line.makefile("r", encoding="utf-8")
        self._socket = line
        self.output = output
        self.pid = int(json.loads(self._line.readline())["pid"])
        self.returncode: int | None = None

    def wait(self, seconds: float = 180.0) -> int:
        """The return code as `subprocess` has it (-9 for SIGKILL); TimeoutError when it does not end."""
        if self.returncode is None:
            self._socket.settimeout(seconds)
            self.returncode = int(json.loads(self._line.readline())["returncode"])
            self._line.close()
            self._socket.close()
        return self.returncode

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return processes.command_line(self.pid) is not None

    def kill(self) -> None:
        """SIGKILL to this process alone."""
        os.kill(self.pid, signal.SIGKILL)

    def said(self) -> str:
        """What it wrote to standard output and standard error so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")


class Forge:
    """The test's end: starts the warm process, asks it for commands, ends it."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "forge.sock"
        self._folder = folder
        self._count = 0
        self._log = (folder / "forge.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.pipeline.forge", str(self._address)],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Command:
        """Fork `touchstream` with these arguments and exactly this environment."""
        self._count += 1
        output = self._folder / f"command-{self._count}.txt"
        line = self._connect()
        request = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "output": str(output),
        }
        line.sendall(json.dumps(request).encode() + b"\n")
        return Command(line, output)

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(str(self._address))
            except (FileNotFoundError, ConnectionRefusedError):
                line.close()
                if self._process.poll() is not None or time.monotonic() > deadline:
                    told = (self._folder / "forge.log").read_text(errors="replace")
                    raise RuntimeError(f"the forge does not come up:\n{told}") from None
                time.sleep(0.05)
            else:
                return line

    def close(self) -> None:
        """End the warm process; commands still running are left to the test that started them."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=30)
        self._log.close()


WARM = (
    "dagster_postgres",
    "dbt.adapters.postgres.impl",
    "dbt.cli.main",
    "great_expectations.expectations",
    "great_expectations.render.renderer.page_renderer",
    "great_expectations.render.view.view",
    "psycopg2",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "expectations.data_docs",
    "expectations.gates",
    "orchestration.cli.execute",
    "orchestration.cli.main",
    "orchestration.defs",
    "orchestration.warehouse.dbt_process",
)
"""What a run imports, also what it imports late. None opens a connection or starts a thread."""


class _ForkedDbt(subprocess.Popen[bytes]):
    """A `touchstream-dbt` that is forked instead of executed: same parent, same pipes, same command line."""

    def _execute_child(self, args: Sequence[str], *rest: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        _, _, _, _, cwd, env, _, _, _, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, *_ = rest
        self.pid = os.fork()
        if self.pid == 0:
            _become(lambda: _dbt_main(args), [p2cread, c2pwrite, errwrite], cwd=cwd, environment=env)
        self._child_created = True
        for number in {p2cread, c2pwrite, errwrite} - {-1, p2cwrite, c2pread, errread}:
            os.close(number)


def _dbt_main(arguments: Sequence[str]) -> None:
    from orchestration.warehouse import dbt_process

    sys.argv = [str(item) for item in arguments]
    dbt_process.main()


def _touchstream_main(arguments: Sequence[str]) -> None:
    from dagster_dbt.core import dbt_cli_invocation

    from orchestration.cli.main import main

    dbt_cli_invocation.__dict__["subprocess"] = _Subprocess()
    sys.argv = ["touchstream", *arguments]
    main()


class _Subprocess:
    """The module `subprocess` as dagster-dbt sees it in a forked command."""

    Popen = _ForkedDbt

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)


def _become(work: Any, streams: Sequence[int], *, cwd: str | None, environment: Mapping[str, str] | None) -> NoReturn:
    """In a fresh child: have these as standard streams (-1: as the parent), nothing else open; work; end."""
    code = 1
    try:
        gc.freeze()
        for number, stream in enumerate(streams):
            if stream not in (-1, number):
                os.dup2(stream, number)
        os.closerange(3, min(65536, os.sysconf("SC_OPEN_MAX")))
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
        vars(vars(resource_tracker)["_resource_tracker"])["_fd"] = None  # its pipe is closed: start another when needed
        if cwd is not None:
            os.chdir(cwd)
        if environment is not None:
            os.environ.clear()
            os.environ.update(environment)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - the last line of a process: told, and its return code says so
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _Server:
    """The warm process: takes requests, forks, tells who was forked and how each ended."""

    def __init__(self, address: str) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen()
        self._children: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        wake, woken = os.pipe()
        for number in (wake, woken):
            os.set_blocking(number, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken)
        self._selector.register(self._listener, selectors.EVENT_READ, self._take)
        self._selector.register(wake, selectors.EVENT_READ, lambda: self._bury(wake))
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ, self._end)

    def serve(self) -> None:
        """Until standard input ends."""
        while True:
            for key, _ in self._selector.select():
                key.data()

    def _end(self) -> None:
        raise SystemExit(0)

    def _take(self) -> None:
        line, _ = self._listener.accept()
        with line.makefile("r", encoding="utf-8") as stream:
            request = json.loads(stream.readline(REQUEST_BYTES))
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            quiet = os.open(os.devnull, os.O_RDONLY)
            output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            _become(
                lambda: _touchstream_main(request["arguments"]),
                [quiet, output, output],
                cwd=None,
                environment=request["environment"],
            )
        self._children[pid] = line
        line.sendall(json.dumps({"pid": pid}).encode() + b"\n")

    def _bury(self, wake: int) -> None:
        os.read(wake, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            with self._children.pop(pid) as line, suppress(BrokenPipeError):  # a test may have lost its interest
                line.sendall(json.dumps({"returncode": os.waitstatus_to_exitcode(status)}).encode() + b"\n")


def main() -> None:
    """Warm up, then serve."""
    for module in WARM:
        importlib.import_module(module)
    gc.collect()
    _Server(sys.argv[1]).serve()


if __name__ == "__main__":
    main()
