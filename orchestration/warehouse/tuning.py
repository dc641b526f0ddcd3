"""Server settings sized to the machine.

Here: numbers and their reasons. Not here: how they reach the server (server.py). Only the embedded server is tuned;
an external one is its administrator's.
"""

from __future__ import annotations

import os
from pathlib import Path

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_SHARED_MEMORY = Path("/dev/shm")


def machine_memory() -> int:
    """Bytes of memory this process may count on: the machine's, or its container's limit when that is less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for path in _CGROUP_LIMITS:
        if path.exists():
            limit = path.read_text().strip()
            if limit.isdigit():
                memory = min(memory, int(limit))
    return memory


def server_settings(*, memory: int, processors: int, shared_memory: int) -> dict[str, str]:
    """The settings for `memory` bytes, `processors` cores and `shared_memory` bytes of /dev/shm."""
    return {
        **_memory_settings(memory, shared_memory),
        **_durability_settings(),
        **_log_settings(),
        "max_connections": "100",
        "max_worker_processes": str(max(8, processors)),
        "max_parallel_workers": str(max(2, processors)),
        "max_parallel_workers_per_gather": "2",
        "max_locks_per_transaction": "256",
        "random_page_cost": "1.1",
        "jit": "off",
        "autovacuum": "on",
        "timezone": "UTC",
        "datestyle": "ISO, YMD",
        "lc_messages": "C",
    }


def _memory_settings(memory: int, shared_memory: int) -> dict[str, str]:
    """A quarter for the cache; sorts and hashes get 256 MB from 24 GB of memory upward and less on smaller machines."""
    return {
        "shared_buffers": _megabytes(memory // 4, least=64 * MEBIBYTE, most=4 * GIBIBYTE),
        "effective_cache_size": _megabytes(memory // 2, least=256 * MEBIBYTE, most=64 * GIBIBYTE),
        "work_mem": _megabytes(memory // 94, least=16 * MEBIBYTE, most=256 * MEBIBYTE),
        "hash_mem_multiplier": "2",
        "maintenance_work_mem": _megabytes(memory // 24, least=64 * MEBIBYTE, most=GIBIBYTE),
        # Containers often have 64 MB of /dev/shm, where a parallel hash join then fails; files in the data
        # folder always work.
        "dynamic_shared_memory_type": "posix" if shared_memory >= GIBIBYTE else "mmap",
    }


def _durability_settings() -> dict[str, str]:
    """Everything committed survives a crash; nothing is kept for replicas, which this server has none of."""
    return {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
    }


def _log_settings() -> dict[str, str]:
    """Only the server's own events: a failed statement may hold personal data, and its sender gets the error."""
    return {"log_min_messages": "log", "log_min_error_statement": "panic", "log_error_verbosity": "terse"}


def _megabytes(size: int, *, least: int, most: int) -> str:
    return f"{max(least, min(size, most)) // MEBIBYTE}MB"


def for_this_machine() -> dict[str, str]:
    """The settings for the machine this runs on."""
    shared_memory = 0
    if _SHARED_MEMORY.is_dir():
        volume = os.statvfs(_SHARED_MEMORY)
        shared_memory = volume.f_bavail * volume.f_frsize
    return server_settings(memory=machine_memory(), processors=os.cpu_count() or 1, shared_memory=shared_memory)
