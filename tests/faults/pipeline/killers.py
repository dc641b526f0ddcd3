"""Who is killed: a run, the dbt that it started, or the database server under it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from os import kill

from orchestration import settings
from orchestration.warehouse import cluster, processes, server
from tests.integration.pipeline.forge import Command
from tests.integration.pipeline.kit import Stall, children_of, until

ORPHAN_SECONDS = 1.0
"""How long a dbt may outlive the run that started it."""


def kill_run(stall: Stall, run: Command) -> None:
    """SIGKILL to a run alone; what it started must end by itself, soon."""
    started = children_of(run.pid)
    run.kill()
    assert run.wait() == -signal.SIGKILL, run.said()
    until(
        lambda: all(processes.command_line(child) is None for child in started),
        seconds=ORPHAN_SECONDS,
        what="the end of the dbt whose run was killed",
    )


def kill_dbt(stall: Stall, run: Command) -> None:
    """SIGKILL to the dbt of a run, or to the run where none is at work; a run that lost its dbt must say so."""
    children = children_of(run.pid)
    if not children:
        kill_run(stall, run)
        return
    for child in children:
        with suppress(ProcessLookupError):
            kill(child, signal.SIGKILL)
    run.wait()


def kill_server(stall: Stall, run: Command) -> None:
    """SIGKILL to every process of the embedded server, as a power cut would; of another one only our connections."""
    if settings.external_database_url() is not None:
        _cut_connections(stall)
    else:
        here = cluster.locate()
        while pids := list(processes.left_by(here.name, here.data_folder)):
            for pid in pids:
                cluster.send(pid, signal.SIGKILL)
            time.sleep(0.01)
    run.wait()


def _cut_connections(stall: Stall) -> None:
    with server.connect_maintenance() as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname like %s and pid <> pg_backend_pid()",
            (f"%{stall.brand.name}",),
        )


Killer = Callable[[Stall, Command], None]
KILLERS: tuple[Killer, ...] = (kill_run, kill_server, kill_dbt)
