"""Stand-in gateways of a demonstration: started for one command, ended with it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration import settings
from orchestration.brands import Brand
from orchestration.warehouse.errors import WarehouseError

START_SECONDS = 20.0


@contextmanager
def running(brand: Brand) -> Iterator[None]:
    """Run the brand's gateway command while the body runs; does nothing when the brand has none.

    It gets the first destination's port and, as its record, the accepted log named there. WarehouseError when it does
    not come up.
    """
    if not brand.file.demo.gateway:
        yield
        return
    setting = next(iter(brand.file.destinations.values()))
    record = brand.home / (setting.accepted_log or "gateway/accepted.jsonl")
    record.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, *brand.file.demo.gateway, "--port", str(setting.port), "--record", str(record)]
    process = subprocess.Popen(command, cwd=settings.project_root(), stdout=subprocess.DEVNULL)
    try:
        _wait(process, setting.host, setting.port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(process: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise WarehouseError(
                f"the demonstration's gateway ended at once (exit {process.returncode}): is port {port} taken?"
            )
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.1)
    raise WarehouseError(f"the demonstration's gateway does not answer on {host}:{port} after {START_SECONDS:.0f} s")
