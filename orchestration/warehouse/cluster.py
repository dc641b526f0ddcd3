"""The embedded cluster as a thing on disk: where its data is, how it is made, whether its server lives.

Here: choice of the data folder, initdb, the superuser's password, the server's pid file, what a killed server left
behind. Not here: starting and stopping (server.py), connecting (connect.py).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from orchestration import settings
from orchestration.warehouse import account as accounts
from orchestration.warehouse import files, processes
from orchestration.warehouse.account import Account
from orchestration.warehouse.address import EMBEDDED
from orchestration.warehouse.binaries import Binaries
from orchestration.warehouse.errors import WarehouseError

SUPERUSER = "touchstream"
# Where root keeps the data when the server's account cannot reach the home (a checkout under /root); /var/tmp may be
# swept by the system.
FALLBACK_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))
_ORPHANS_SECONDS = 10.0


@dataclass(frozen=True)
class Postmaster:
    """The living server by its pid file: state is `starting`, `ready`, `stopping` or empty (too early to say)."""

    pid: int
    port: int | None
    state: str


@dataclass(frozen=True)
class Cluster:
    """A data folder and the account its server runs under (None: the present user)."""

    data_folder: Path
    account: Account | None

    @property
    def name(self) -> str:
        """The cluster's name, in the title of each of its processes."""
        return f"touchstream-{hashlib.sha256(str(self.data_folder).encode()).hexdigest()[:12]}"

    @property
    def exists(self) -> bool:
        """Whether the data folder holds a complete cluster."""
        return (self.data_folder / "PG_VERSION").exists()

    def major(self) -> int | None:
        """The major version that made the data folder, or None when there is none yet."""
        return int((self.data_folder / "PG_VERSION").read_text().strip()) if self.exists else None

    def postmaster(self) -> Postmaster | None:
        """The living server of this data folder, or None; a pid file left by a dead one counts as none."""
        try:
            lines = (self.data_folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        if not pid or not processes.is_server_of(pid, self.data_folder):
            return None
        port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else None
        return Postmaster(pid=pid, port=port, state=lines[7].strip() if len(lines) > 7 else "")


def locate() -> Cluster:
    """The cluster of this home: the one that exists, else where a new one would be made.

    Raises WarehouseError when its folder belongs to another user.
    """
    plain = settings.home() / "postgres"
    owner = accounts.owner_of(plain)
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise WarehouseError(
                f"{plain} belongs to uid {owner}. Work as that user, or set TOUCHSTREAM_HOME to your own folder."
            )
        return Cluster(data_folder=plain, account=None)
    here = Cluster(data_folder=plain, account=accounts.for_data_folder(plain))
    if here.exists:
        return here
    elsewhere = [Cluster(data_folder=path, account=accounts.lent()) for path in _fallback_paths()]
    usable = [cluster for cluster in elsewhere if _is_ours(cluster) or accounts.owner_of(cluster.data_folder) is None]
    existing = next((cluster for cluster in usable if cluster.exists), None)
    if existing is not None:
        return existing
    settings.home().mkdir(parents=True, exist_ok=True)
    if accounts.can_enter(here.account, settings.home()):
        return here
    place = next((cluster for cluster in usable if os.access(cluster.data_folder.parent, os.W_OK)), None)
    if place is None:
        raise WarehouseError(
            f"The server's account cannot enter {settings.home()}, and there is no other place for its data: "
            f"{', '.join(str(path) for path in _fallback_paths())} is in the way or cannot be made. "
            "Set TOUCHSTREAM_HOME to a folder that every account can enter."
        )
    return place


def _fallback_paths() -> list[Path]:
    name = f"touchstream-{hashlib.sha256(str(settings.home()).encode()).hexdigest()[:16]}"
    return [folder / name for folder in FALLBACK_FOLDERS if folder.is_dir()]


def _is_ours(cluster: Cluster) -> bool:
    """Whether a folder outside the home was made by us: a real one, the account's own, closed to all others."""
    path = cluster.data_folder
    if cluster.account is None or path.is_symlink() or not path.is_dir():
        return False
    found = path.lstat()
    return found.st_uid == cluster.account.uid and found.st_mode & 0o077 == 0


def create(cluster: Cluster, binaries: Binaries) -> None:
    """Make a new cluster: whole or not at all, since it is built beside its place and then renamed."""
    parent = cluster.data_folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    if cluster.data_folder.exists():
        if any(cluster.data_folder.iterdir()):
            raise WarehouseError(f"{cluster.data_folder} is in the way: it is no database cluster. Move it elsewhere.")
        cluster.data_folder.rmdir()
    building = parent / f".{cluster.data_folder.name}.{secrets.token_hex(4)}"
    password = files.new_password()
    password_file = building.with_suffix(".password")
    try:
        building.mkdir(mode=0o700)
        _write_private(password_file, password, cluster.account)
        _give(building, cluster.account)
        _run_initdb(cluster, binaries, building, password_file)
        files.note_password(EMBEDDED, SUPERUSER, password)
        building.rename(cluster.data_folder)
    finally:
        password_file.unlink(missing_ok=True)
        if building.exists():
            shutil.rmtree(building)


def _run_initdb(cluster: Cluster, binaries: Binaries, folder: Path, password_file: Path) -> None:
    command = [
        *(str(binaries.folder / "initdb"), "-D", str(folder), "-U", SUPERUSER, f"--pwfile={password_file}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
    ]
    said = accounts.run_as(cluster.account, command)
    if said.returncode:
        raise WarehouseError(
            f"{command[0]} could not make {cluster.data_folder}:\n{said.stderr.strip() or said.stdout.strip()}"
        )


def _write_private(path: Path, content: str, account: Account | None) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(content)
        if account is not None:
            os.fchown(stream.fileno(), account.uid, account.gid)


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def reset_password(cluster: Cluster, binaries: Binaries) -> None:
    """Give the superuser a new password without knowing the old one; the server must not be running."""
    password = files.new_password()
    command = [str(binaries.folder / "postgres"), "--single", "-D", str(cluster.data_folder), "postgres"]
    said = accounts.run_as(
        cluster.account, command, stdin=f"alter role {SUPERUSER} password '{password}'\n", timeout_seconds=600
    )
    if said.returncode or "ERROR" in said.stderr:
        raise WarehouseError(
            f"The superuser of {cluster.data_folder} could not get a new password:\n{said.stderr.strip()}"
        )
    files.note_password(EMBEDDED, SUPERUSER, password)


def sweep(cluster: Cluster) -> None:
    """Clear away what a dead server left: sessions that still hold its memory, and its pid file.

    A session deep in a computation does not notice that its server is dead, and a new server refuses to start beside
    it. A server whose folder was removed under it lives on for a minute and counts as dead. Only for when `postmaster`
    finds none, under the lock that guards the start.
    """
    deadline = time.monotonic() + _ORPHANS_SECONDS
    while orphans := list(processes.left_by(cluster.name, cluster.data_folder)):
        if time.monotonic() > deadline:
            raise WarehouseError(f"Processes {orphans} of the dead server on {cluster.data_folder} cannot be ended.")
        for pid in orphans:
            send(pid, signal.SIGKILL)
        time.sleep(0.05)
    (cluster.data_folder / "postmaster.pid").unlink(missing_ok=True)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may already be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def launch(cluster: Cluster, binaries: Binaries, *, port: int, options: dict[str, str], log: Path) -> int:
    """Start the server process and return its pid at once; it belongs to no terminal and to no parent of ours.

    A shell starts it in the background and ends, so that it outlives us and leaves no unburied child when it dies.
    """
    fixed = {
        "cluster_name": cluster.name,
        "unix_socket_directories": "",
        "listen_addresses": "127.0.0.1",
        "port": str(port),
    }
    flags = [word for name, value in (fixed | options).items() for word in ("-c", f"{name}={value}")]
    command = [str(binaries.folder / "postgres"), "-D", str(cluster.data_folder), *flags]
    with log.open("ab") as log_stream:
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" </dev/null >&2 & echo $!', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log_stream,
            cwd="/",
            env=accounts.environment(),
            start_new_session=True,
            check=True,
            umask=0o077,
            user=cluster.account.uid if cluster.account else None,
            group=cluster.account.gid if cluster.account else None,
            extra_groups=[] if cluster.account else None,
        )
    return int(shell.stdout)
