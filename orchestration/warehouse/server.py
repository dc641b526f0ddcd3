"""The PostgreSQL server's life: start, stop, status, address; embedded, or external by `TOUCHSTREAM_DATABASE_URL`.

Here: one set of functions for both kinds of server. Nothing is started or stopped on an external one. Not here: the
cluster on disk (cluster.py), brands' databases (connect.py).
"""

from __future__ import annotations

import hashlib
import shutil
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from orchestration import settings
from orchestration.warehouse import binaries, cluster, files, processes, tuning
from orchestration.warehouse.address import EMBEDDED, ConnectionParts, from_url
from orchestration.warehouse.cluster import Cluster
from orchestration.warehouse.errors import WarehouseError

HOST = "127.0.0.1"
_ATTEMPTS = 4
_POLL_SECONDS = 0.03
_LOG_BYTES = 5 * tuning.MEBIBYTE
# Below the range systems hand out to outgoing connections (32768 upward on Linux), so that none of those takes our
# port.
_FIRST_PORT, _PORTS = 20000, 12000


@dataclass(frozen=True)
class Status:
    """What is known about the server; `data_folder`, `binaries`, `log` and `pid` are None for an external one."""

    running: bool
    external: bool
    host: str
    port: int | None
    version: str | None
    pid: int | None = None
    data_folder: Path | None = None
    binaries: Path | None = None
    log: Path | None = None


def log_path() -> Path:
    """The embedded server's log."""
    return settings.home() / "postgres.log"


def _notes_path() -> Path:
    return settings.home() / "postgres-server.json"


def _lock_path() -> Path:
    return settings.home() / "postgres.lock"


def address() -> ConnectionParts:
    """The server's address, database and user for maintenance; the server is not asked.

    Raises WarehouseError when the embedded server was never started in this home.
    """
    url = settings.external_database_url()
    if url is not None:
        return from_url(url)
    port = files.read_json(_notes_path()).get("port")
    password = files.password(EMBEDDED, cluster.SUPERUSER)
    if not isinstance(port, int) or password is None:
        raise WarehouseError(f"There is no database in {settings.home()} yet: run `touchstream db start`.")
    # No TLS inside the machine: the wheel's server has none, and PGSSLMODE may demand it.
    return ConnectionParts(HOST, port, cluster.SUPERUSER, password, "postgres", parameters={"sslmode": "disable"})


def connect_maintenance() -> psycopg.Connection[tuple[Any, ...]]:
    """A connection (autocommit) to the server's own database, where databases and roles are made.

    Raises psycopg.OperationalError when the server does not answer, WarehouseError when it is too old.
    """
    where = address()
    connection = psycopg.connect(
        where.url(connect_timeout="10", application_name="touchstream server"), autocommit=True
    )
    if connection.info.server_version < binaries.OLDEST_MAJOR * 10000:
        version = connection.info.parameter_status("server_version")
        connection.close()
        raise WarehouseError(
            f"PostgreSQL at {where.host}:{where.port} is version {version}; Touchstream needs "
            f"{binaries.OLDEST_MAJOR} or newer."
        )
    return connection


def start(*, timeout_seconds: float = 120) -> Status:
    """Make sure that the server runs and takes connections; returns its status.

    May be called by any number of processes at once and after any kind of crash. An external server is only asked for
    its version.
    Raises WarehouseError with the end of the server's log when it does not come up in time.
    """
    if settings.external_database_url() is not None:
        return _external_status(must_run=True)
    known = cluster.locate()
    if not _is_ready(known):
        with files.file_lock(_lock_path(), timeout_seconds=timeout_seconds):
            _start_locked(cluster.locate(), deadline=time.monotonic() + timeout_seconds)
    return status()


def _is_ready(known: Cluster) -> bool:
    """Whether the server runs at the noted address with a noted password."""
    postmaster = known.postmaster() if known.exists else None
    noted = files.read_json(_notes_path()).get("port")
    password = files.password(EMBEDDED, cluster.SUPERUSER)
    return postmaster is not None and postmaster.state == "ready" and postmaster.port == noted and password is not None


def _start_locked(known: Cluster, *, deadline: float) -> None:
    programs = binaries.find(known.account, major=known.major())
    log_start = _rotate_log()
    if not known.exists:
        cluster.create(known, programs)
    if files.password(EMBEDDED, cluster.SUPERUSER) is None:
        _stop_locked(known, deadline=deadline)
        cluster.reset_password(known, programs)
    for _ in range(_ATTEMPTS):
        launched: int | None = None
        if known.postmaster() is None:
            cluster.sweep(known)
            port = _choose_port()
            files.write_json(_notes_path(), {"port": port, "data_folder": str(known.data_folder)}, mode=0o644)
            launched = cluster.launch(known, programs, port=port, options=tuning.for_this_machine(), log=log_path())
        if _wait_until_ready(known, launched=launched, deadline=deadline):
            return
    raise WarehouseError(
        f"PostgreSQL on {known.data_folder} does not start. Its log ({log_path()}) ends with:\n{_log_tail(log_start)}"
    )


def _wait_until_ready(known: Cluster, *, launched: int | None, deadline: float) -> bool:
    """Wait for the server that is coming up; False when it died, so that the caller may try again."""
    while time.monotonic() < deadline:
        alive = launched is not None and processes.command_line(launched) is not None
        postmaster = known.postmaster()
        if postmaster is None and not alive:
            return False
        if postmaster is not None and postmaster.state == "ready" and postmaster.port is not None:
            files.write_json(
                _notes_path(), {"port": postmaster.port, "data_folder": str(known.data_folder)}, mode=0o644
            )
            _try_login()
            return True
        time.sleep(_POLL_SECONDS)
    raise WarehouseError(
        f"PostgreSQL on {known.data_folder} did not come up in time. Its log ({log_path()}) ends with:\n{_log_tail(0)}"
    )


def _try_login() -> None:
    try:
        connect_maintenance().close()
    except psycopg.OperationalError as error:
        raise WarehouseError(
            f"PostgreSQL runs but does not let us in: {error}. If {files.passwords_path()} was changed, "
            f"remove its entry `{EMBEDDED}` and start again: a new password will be set."
        ) from error


def _choose_port() -> int:
    """The noted port, or the home's own one, or the next that is free."""
    noted = files.read_json(_notes_path()).get("port")
    start_at = int(hashlib.sha256(str(settings.home()).encode()).hexdigest()[:8], 16) % _PORTS
    own = [_FIRST_PORT + (start_at + step) % _PORTS for step in range(200)]
    for port in ([noted] if isinstance(noted, int) else []) + own:
        if _is_free(port):
            return port
    raise WarehouseError(f"No free port on {HOST} between {own[0]} and {own[-1]}.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _rotate_log() -> int:
    """Keep the log and one older one; returns where this start's lines begin."""
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    size = path.stat().st_size if path.exists() else 0
    if size > _LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
        return 0
    return size


def _log_tail(start: int, lines: int = 15) -> str:
    with log_path().open("rb") as stream:
        stream.seek(start)
        said = stream.read().decode(errors="replace").splitlines()
    return "\n".join(said[-lines:]) or "(it said nothing)"


def stop(*, timeout_seconds: float = 60) -> bool:
    """Stop the embedded server, ending its sessions; what was committed stays. False when there was none to stop."""
    if settings.external_database_url() is not None:
        return False
    with files.file_lock(_lock_path(), timeout_seconds=timeout_seconds):
        return _stop_locked(cluster.locate(), deadline=time.monotonic() + timeout_seconds)


def _stop_locked(known: Cluster, *, deadline: float) -> bool:
    postmaster = known.postmaster() if known.exists else None
    if postmaster is None:
        return False
    cluster.send(postmaster.pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown
    while processes.is_server_of(postmaster.pid, known.data_folder):
        if time.monotonic() > deadline:
            raise WarehouseError(f"PostgreSQL (pid {postmaster.pid}) does not end. Its log: {log_path()}")
        time.sleep(_POLL_SECONDS)
    return True


def destroy() -> None:
    """Stop the embedded server and remove its data, notes and passwords; an external server is left alone."""
    if settings.external_database_url() is not None:
        return
    stop()
    with files.file_lock(_lock_path(), timeout_seconds=60):
        known = cluster.locate()
        if known.exists:
            shutil.rmtree(known.data_folder)
        _notes_path().unlink(missing_ok=True)
    files.forget_server(EMBEDDED)


def status() -> Status:
    """What is known about the server, without changing anything."""
    if settings.external_database_url() is not None:
        return _external_status(must_run=False)
    known = cluster.locate()
    postmaster = known.postmaster() if known.exists else None
    programs = binaries.find(known.account, major=known.major()) if known.exists else None
    return Status(
        running=postmaster is not None and postmaster.state == "ready",
        external=False,
        host=HOST,
        port=postmaster.port if postmaster else files.read_json(_notes_path()).get("port"),
        version=programs.version if programs else None,
        pid=postmaster.pid if postmaster else None,
        data_folder=known.data_folder,
        binaries=programs.folder if programs else None,
        log=log_path(),
    )


def _external_status(*, must_run: bool) -> Status:
    where = address()
    try:
        with connect_maintenance() as connection:
            version = connection.info.parameter_status("server_version")
    except psycopg.OperationalError as error:
        if must_run:
            raise WarehouseError(
                f"PostgreSQL at {where.host}:{where.port} (TOUCHSTREAM_DATABASE_URL) does not answer: {error}"
            ) from error
        return Status(running=False, external=True, host=where.host, port=where.port, version=None)
    return Status(running=True, external=True, host=where.host, port=where.port, version=version)


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs (`psql`, `pg_dump`), to be run by the present user."""
    return binaries.find(None).folder / name
