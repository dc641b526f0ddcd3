"""What runs on this machine, as far as the embedded server's life needs it.

Here: is this pid the server of that folder, which processes did a killed server leave. Not here: starting or ending
them (server.py). A pid alone proves nothing: after a crash it may belong to somebody else, so the command line is
read as well.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def command_line(pid: int) -> str | None:
    """The command line of a living process, words joined by blanks; None when it is gone or only waits to be buried."""
    if not (_PROC / "self").exists():
        return _listed().get(pid)
    try:
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
        words = (_PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else words.replace(b"\0", b" ").decode(errors="replace").strip()


def is_server_of(pid: int, data_folder: Path) -> bool:
    """Whether `pid` is a living `postgres` that was started on exactly this data folder."""
    line = command_line(pid)
    return line is not None and "postgres" in line and f" -D {data_folder} " in line


def left_by(cluster_name: str, data_folder: Path) -> Iterator[int]:
    """The pids of a server on this data folder and of the processes that carry its cluster's name in their title."""
    title = f"postgres: {cluster_name}: "
    for pid in _pids():
        line = command_line(pid)
        if line is not None and (line.startswith(title) or is_server_of(pid, data_folder)):
            yield pid


def _pids() -> list[int]:
    if (_PROC / "self").exists():
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return list(_listed())


def _listed() -> dict[int, str]:
    """Living processes by `ps`, for systems without /proc."""
    listing = subprocess.run(["ps", "-axo", "pid=,stat=,command="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return {int(row[0]): row[2] for row in rows if len(row) == 3 and not row[1].startswith("Z")}
