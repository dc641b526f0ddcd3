"""Server settings follow the machine, and durability never does."""

from __future__ import annotations

import pytest

from orchestration.warehouse.tuning import GIBIBYTE, MEBIBYTE, machine_memory, server_settings


def _settings(gigabytes: float, shared_memory: int = 4 * GIBIBYTE) -> dict[str, str]:
    return server_settings(memory=int(gigabytes * GIBIBYTE), processors=2, shared_memory=shared_memory)


@pytest.mark.parametrize(
    ("gigabytes", "shared_buffers", "work_mem"),
    [(1, "256MB", "16MB"), (8, "2048MB", "87MB"), (24, "4096MB", "256MB"), (256, "4096MB", "256MB")],
)
def test_memory_is_shared_out_by_the_machines_size(gigabytes: float, shared_buffers: str, work_mem: str) -> None:
    found = _settings(gigabytes)
    assert (found["shared_buffers"], found["work_mem"]) == (shared_buffers, work_mem)


@pytest.mark.parametrize("gigabytes", [0.5, 8, 512])
def test_what_is_committed_is_on_disk_on_every_machine(gigabytes: float) -> None:
    found = _settings(gigabytes)
    assert {found[name] for name in ("fsync", "full_page_writes", "synchronous_commit")} == {"on"}


def test_a_container_with_little_shared_memory_gets_files_instead() -> None:
    assert _settings(8, shared_memory=64 * MEBIBYTE)["dynamic_shared_memory_type"] == "mmap"
    assert _settings(8)["dynamic_shared_memory_type"] == "posix"


def test_the_log_never_quotes_a_failed_statement() -> None:
    found = _settings(8)
    assert (found["log_min_messages"], found["log_min_error_statement"]) == ("log", "panic")


def test_this_machine_has_memory() -> None:
    assert machine_memory() > 256 * MEBIBYTE
