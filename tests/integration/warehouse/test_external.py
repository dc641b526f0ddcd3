"""A server that is not ours: same code, nothing started or stopped. The embedded one plays the part."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from orchestration.warehouse import binaries, connect, files, roles, server
from orchestration.warehouse.address import ConnectionParts
from orchestration.warehouse.errors import WarehouseError


@pytest.fixture
def elsewhere(running: server.Status, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ConnectionParts:
    """The address of a running server, configured by URL in a new home."""
    assert running.running
    where = server.address()
    monkeypatch.setenv("TOUCHSTREAM_DATABASE_URL", where.url())
    monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "home"))
    return where


@pytest.fixture
def weak_user(elsewhere: ConnectionParts, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The configured user may log in and nothing else; the value is his name. His databases and he go afterwards."""
    name = f"weak_{secrets.token_hex(4)}"
    with psycopg.connect(elsewhere.url(), autocommit=True) as admin:
        admin.execute(sql.SQL("create role {} login password 'weak'").format(sql.Identifier(name)))
        monkeypatch.setenv(
            "TOUCHSTREAM_DATABASE_URL", f"postgresql://{name}:weak@{elsewhere.host}:{elsewhere.port}/postgres"
        )
        yield name
        monkeypatch.setenv("TOUCHSTREAM_DATABASE_URL", elsewhere.url())
        connect.drop_brand("guest")
        admin.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def _as_admin(where: ConnectionParts, statement: str) -> None:
    with psycopg.connect(where.url(), autocommit=True) as admin:
        admin.execute(statement.encode())


def test_it_is_used_and_neither_started_nor_stopped(elsewhere: ConnectionParts, tmp_path: Path) -> None:
    status = server.start()
    assert (status.running, status.external, status.port, status.data_folder) == (True, True, elsewhere.port, None)
    connect.ensure_brand("guest")
    try:
        with connect.connect("guest") as connection:
            assert connection.execute("select count(*) from ops.batch").fetchone() == (0,)
        assert connect.connection_parts("guest").external
        assert not server.stop()
        server.destroy()
        assert server.status().running
        assert sorted(path.name for path in (tmp_path / "home").iterdir()) == [
            "postgres-secrets.json",
            "postgres-secrets.lock",
        ]
    finally:
        connect.drop_brand("guest")


def test_a_second_installation_on_it_does_not_change_the_firsts_logins(
    elsewhere: ConnectionParts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connect.ensure_brand("guest")
    try:
        first = connect.url("guest", role="bi")
        monkeypatch.setenv("TOUCHSTREAM_HOME", str(tmp_path / "second"))
        connect.ensure_brand("guest")
        with psycopg.connect(first) as connection:
            assert connection.info.user == "touchstream_guest_bi"
        with pytest.raises(WarehouseError, match=r"password of touchstream_guest_bi on 127\.0\.0\.1:\d+ is not in"):
            connect.url("guest", role="bi")
    finally:
        connect.drop_brand("guest")


def test_one_that_does_not_answer_is_named(elsewhere: ConnectionParts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTREAM_DATABASE_URL", f"postgresql://me:secret@{elsewhere.host}:1/postgres")
    assert not server.status().running
    with pytest.raises(WarehouseError, match=r"127\.0\.0\.1:1 \(TOUCHSTREAM_DATABASE_URL\) does not answer") as refused:
        connect.ensure_brand("guest")
    assert "secret" not in str(refused.value)


def test_one_that_is_too_old_is_refused(elsewhere: ConnectionParts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert elsewhere.port
    monkeypatch.setattr(binaries, "OLDEST_MAJOR", 99)
    with pytest.raises(WarehouseError, match="Touchstream needs 99 or newer"):
        server.start()


def test_a_user_who_may_create_nothing_is_told_what_he_lacks(weak_user: str) -> None:
    with pytest.raises(WarehouseError, match=rf"User {weak_user} on .*permission denied to create database.*createdb"):
        connect.ensure_brand("guest")


def test_a_user_who_may_not_create_roles_is_told_both_ways_out(weak_user: str, elsewhere: ConnectionParts) -> None:
    _as_admin(elsewhere, f"alter role {weak_user} createdb")
    with pytest.raises(WarehouseError, match=rf"alter role {weak_user} createrole.*create role touchstream_guest_bi"):
        connect.ensure_brand("guest")


def test_a_user_without_rights_works_with_what_an_administrator_made(
    weak_user: str, elsewhere: ConnectionParts
) -> None:
    for database in connect.KINDS:
        _as_admin(elsewhere, f"create database {database}_guest template template0 locale 'C' owner {weak_user}")
    for role in roles.names_of("guest"):
        _as_admin(elsewhere, f"create role {role} login password 'made by hand'")
        files.note_password(f"{elsewhere.host}:{elsewhere.port}", role, "made by hand")
    connect.ensure_brand("guest")
    connect.ensure_brand("guest")
    with connect.connect("guest", role="reader") as connection:
        assert connection.execute("select count(*) from ops.batch").fetchone() == (0,)


def test_a_database_that_sorts_otherwise_is_refused(elsewhere: ConnectionParts) -> None:
    _as_admin(elsewhere, "create database touchstream_guest template template0 encoding 'SQL_ASCII' locale 'C'")
    try:
        with pytest.raises(
            WarehouseError, match="has encoding SQL_ASCII and collation C; Touchstream needs UTF8 and C"
        ):
            connect.ensure_brand("guest")
    finally:
        connect.drop_brand("guest")
