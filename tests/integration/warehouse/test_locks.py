"""One at a time per brand; the loser learns who, and a dead holder holds nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from orchestration.warehouse import connect
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.locks import BrandLock, LockHeld, brand_lock

Run = Callable[..., subprocess.Popen[str]]
HOLD = """
import time
from orchestration.warehouse.locks import brand_lock
with brand_lock({brand!r}, what="nightly build"):
    print("held", flush=True)
    time.sleep(60)
"""


def _holder(brand: str, python: Run) -> subprocess.Popen[str]:
    process = python(HOLD.format(brand=brand))
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_loser_is_told_who_what_where_since_when_and_what_to_do(brand: str, python: Run) -> None:
    holder = _holder(brand, python)
    with pytest.raises(LockHeld) as refused, brand_lock(brand):
        pass
    message = str(refused.value)
    assert f"Brand {brand} is busy: nightly build (process {holder.pid} on {socket.gethostname()})"[:80] in message
    assert "has held its dbt lock since 20" in message
    assert "Wait until it has finished, or end that process" in message
    assert refused.value.holder is not None
    assert abs(refused.value.holder.since.timestamp() - time.time()) < 30


def test_a_killed_holder_lets_go(brand: str, python: Run) -> None:
    holder = _holder(brand, python)
    os.kill(holder.pid, signal.SIGKILL)
    with brand_lock(brand, wait_seconds=10) as lock:
        lock.check()


def test_a_patient_one_gets_it_when_the_holder_has_finished(brand: str) -> None:
    events: list[str] = []

    def wait() -> None:
        with brand_lock(brand, wait_seconds=10):
            events.append("second")

    with brand_lock(brand):
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.3)
        events.append("first")
    waiting.join()
    assert events == ["first", "second"]


def test_waiting_has_an_end(brand: str) -> None:
    complaint = r"busy after 0\.3 s of waiting"
    with brand_lock(brand), pytest.raises(LockHeld, match=complaint), brand_lock(brand, wait_seconds=0.3):
        pass


def test_locks_of_another_name_do_not_meet(brand: str) -> None:
    with brand_lock(brand, name="dbt"), brand_lock(brand, name="dispatch") as other:
        other.check()


def test_an_error_inside_lets_go(brand: str) -> None:
    with pytest.raises(KeyError), brand_lock(brand):
        raise KeyError
    with brand_lock(brand) as lock:
        lock.check()


def _noticed(lock: BrandLock) -> bool:
    try:
        lock.check()
    except WarehouseError as error:
        return "was lost" in str(error)
    return False


def test_a_lock_lost_with_its_connection_is_noticed(brand: str) -> None:
    with brand_lock(brand) as lock:
        assert not _noticed(lock)
        with connect.connect(brand, autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(%s, 5000)", (lock.connection.info.backend_pid,))
        deadline = time.monotonic() + 10
        while not _noticed(lock):
            assert time.monotonic() < deadline
            time.sleep(0.02)
