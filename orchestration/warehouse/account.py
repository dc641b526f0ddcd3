"""The system account the embedded server runs under, and whether that account can reach a path.

Here: who, and really trying it. PostgreSQL refuses to run as root, so root lends it the account `nobody`; anybody
else runs it as himself. Not here: where data and binaries are (cluster.py, binaries.py).
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.warehouse.errors import WarehouseError

_LENT_ACCOUNT = "nobody"


@dataclass(frozen=True)
class Account:
    """A system account that root lends to the server."""

    name: str
    uid: int
    gid: int


def for_data_folder(data_folder: Path) -> Account | None:
    """The account to run a server on `data_folder` with: None is the present user.

    For root: the folder's owner when it exists and is not root's (a folder made earlier by a normal user stays his),
    else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    owner = owner_of(data_folder)
    if owner in (None, 0):
        return lent()
    entry = pwd.getpwuid(owner)
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def lent() -> Account | None:
    """The account root lends to a new server; None when the present user is not root and needs none."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_LENT_ACCOUNT)
    except KeyError as error:
        raise WarehouseError(
            f"PostgreSQL cannot run as root, and there is no account {_LENT_ACCOUNT!r} to lend it. "
            "Run Touchstream as a normal user, or set TOUCHSTREAM_DATABASE_URL to a PostgreSQL server."
        ) from error
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def owner_of(path: Path) -> int | None:
    """The uid that owns a path (of a link itself, not its target); None when there is nothing to be seen."""
    try:
        return path.lstat().st_uid
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None


def environment() -> dict[str, str]:
    """This process's environment without libpq's own variables, which would bend what the server's programs do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def run_as(
    account: Account | None, command: Sequence[str], *, stdin: str | None = None, timeout_seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a program under the account, from `/`, and return what it said; never raises for its exit code.

    Raises OSError when the account cannot execute it.
    """
    return subprocess.run(
        list(command),
        input=stdin if stdin is not None else "",
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        cwd="/",
        env=environment(),
        check=False,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account can enter the folder: tried by a process of that account, so that every parent counts."""
    return run_as(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0


def can_read(account: Account | None, path: Path) -> bool:
    """Whether the account can read the file, tried likewise."""
    return run_as(account, ["/bin/sh", "-c", 'exec 3<"$1"', "sh", str(path)]).returncode == 0
