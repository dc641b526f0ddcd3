"""Root, a normal user, and a home that the server's account cannot enter."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.warehouse import account, cluster, files, server
from orchestration.warehouse.errors import WarehouseError

Run = Callable[..., subprocess.Popen[str]]
NORMAL_USER = account.Account(name="daemon", uid=1, gid=1)  # has a name and no rights on every Linux and macOS
AS_ROOT = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can lend the server an account or become another user"
)
AS_OTHER_USER = pytest.mark.skipif(
    os.geteuid() != 0 or not account.can_enter(NORMAL_USER, settings.project_root()),
    reason="only root can become another user, who must be able to enter the checkout",
)
# Becomes the other user after the imports: the interpreter itself may be closed to him.
AS_NORMAL_USER = f"""
import os
from orchestration.warehouse import connect, server
os.setgroups([])
os.setgid({NORMAL_USER.gid})
os.setuid({NORMAL_USER.uid})
status = server.start()
connect.ensure_brand("demo")
with connect.connect("demo") as connection:
    connection.execute("select * from ops.batch")
print(status.data_folder, status.data_folder.stat().st_uid)
"""


def test_secrets_are_for_the_users_eyes_and_data_for_the_servers(home: Path) -> None:
    status = server.start()
    assert status.data_folder == home / "postgres"
    assert stat.S_IMODE(files.passwords_path().stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert sorted(path.name for path in home.iterdir()) == [
        "postgres",
        "postgres-secrets.json",
        "postgres-secrets.lock",
        "postgres-server.json",
        "postgres.lock",
        "postgres.log",
    ]


@AS_ROOT
def test_root_lends_the_server_an_account_without_rights(home: Path) -> None:
    status = server.start()
    lent = account.lent()
    assert lent is not None
    assert (home / "postgres").stat().st_uid == lent.uid != 0
    assert Path(f"/proc/{status.pid}").stat().st_uid == lent.uid


@AS_OTHER_USER
def test_a_normal_user_runs_it_as_himself_and_root_may_go_on_with_it(home: Path, python: Run) -> None:
    home.mkdir()
    os.chown(home, NORMAL_USER.uid, NORMAL_USER.gid)
    out, errors = python(AS_NORMAL_USER).communicate(timeout=60)
    assert out.split() == [str(home / "postgres"), str(NORMAL_USER.uid)], errors
    assert server.stop()
    assert server.start().running
    assert (home / "postgres" / "postmaster.pid").stat().st_uid == NORMAL_USER.uid


@AS_OTHER_USER
def test_a_normal_user_is_told_when_the_home_is_anothers(home: Path, python: Run) -> None:
    server.start()
    out, errors = python(AS_NORMAL_USER).communicate(timeout=60)
    assert out == ""
    assert f"{home / 'postgres'} belongs to uid" in errors


@pytest.fixture
def closed_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that root alone can enter, and a place for the data that every account can."""
    home.mkdir(mode=0o700)
    elsewhere = home.parent / "var_lib"
    elsewhere.mkdir(mode=0o755)
    monkeypatch.setattr(cluster, "FALLBACK_FOLDERS", (tmp_path / "absent", elsewhere))
    yield home
    server.destroy()
    assert list(elsewhere.iterdir()) == []


@AS_ROOT
def test_a_home_closed_to_the_server_has_its_data_elsewhere_and_finds_it_again(closed_home: Path) -> None:
    status = server.start()
    lent = account.lent()
    assert lent is not None
    assert status.data_folder is not None
    assert status.data_folder.parent == closed_home.parent / "var_lib"
    assert status.data_folder.stat().st_uid == lent.uid
    assert stat.S_IMODE(status.data_folder.stat().st_mode) == 0o700
    with server.connect_maintenance() as connection:
        connection.execute("create table remembered ()")
    server.stop()
    (closed_home / "postgres-server.json").unlink()
    assert server.start().data_folder == status.data_folder
    with server.connect_maintenance() as connection:
        connection.execute("select from remembered")


@AS_ROOT
def test_a_folder_elsewhere_that_is_not_ours_is_not_used(closed_home: Path) -> None:
    theirs = cluster.locate().data_folder
    theirs.mkdir()
    (theirs / "PG_VERSION").write_text("18\n")
    with pytest.raises(WarehouseError, match="is in the way"):
        server.start()
    (theirs / "PG_VERSION").unlink()
    theirs.rmdir()
    assert not any(closed_home.glob("postgres/*"))
