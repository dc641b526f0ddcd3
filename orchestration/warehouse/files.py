"""Small files that several processes share: notes about the server, and its passwords.

Here: atomic writing, file locks, the secrets file. Not here: what is noted (cluster.py, roles.py).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from orchestration import settings
from orchestration.warehouse.errors import WarehouseError

_POLL_SECONDS = 0.05


@contextmanager
def file_lock(path: Path, *, timeout_seconds: float) -> Generator[None]:
    """Hold an exclusive lock on `path` between processes; a process that dies lets go of it.

    Raises WarehouseError when another process still holds it after `timeout_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise WarehouseError(_foreign_folder(path)) from error
    try:
        deadline = time.monotonic() + timeout_seconds
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise WarehouseError(f"{path} is locked by another process for more than {timeout_seconds:g} s.")
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _foreign_folder(path: Path) -> str:
    return (
        f"{path} belongs to another user. Work as the user who made {path.parent}, "
        "or set TOUCHSTREAM_HOME to a folder of your own."
    )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; an absent file is an empty object."""
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except PermissionError as error:
        raise WarehouseError(_foreign_folder(path)) from error
    except ValueError as error:
        raise WarehouseError(
            f"{path} is not JSON ({error}). Repair it, or remove it: it will be made again."
        ) from error
    if not isinstance(content, dict):
        raise WarehouseError(f"{path} holds no JSON object. Remove it: it will be made again.")
    return cast("dict[str, Any]", content)


def write_json(path: Path, content: dict[str, Any], *, mode: int) -> None:
    """Replace a JSON file in one step; a reader sees the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=2, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def passwords_path() -> Path:
    """The file of database passwords, mode 0600."""
    return settings.home() / "postgres-secrets.json"


def password(server: str, role: str) -> str | None:
    """The noted password of a role on a server (`embedded` or `host:port`), or None."""
    found = read_json(passwords_path()).get(server, {}).get(role)
    return found if isinstance(found, str) else None


def note_password(server: str, role: str, value: str | None) -> None:
    """Note (or, with None, forget) the password of a role on a server."""
    path = passwords_path()
    with file_lock(path.with_suffix(".lock"), timeout_seconds=30):
        content = read_json(path)
        roles: dict[str, str] = content.setdefault(server, {})
        if value is None:
            roles.pop(role, None)
        else:
            roles[role] = value
        write_json(path, content, mode=0o600)


def forget_server(server: str) -> None:
    """Forget every password noted for a server."""
    path = passwords_path()
    with file_lock(path.with_suffix(".lock"), timeout_seconds=30):
        content = read_json(path)
        if content.pop(server, None) is not None:
            write_json(path, content, mode=0o600)


def new_password() -> str:
    """A random password of 192 bits, safe in a URL."""
    return secrets.token_urlsafe(24)
