"""Migrations against a database: each once, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

from orchestration.warehouse import connect, migrate, server
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.migrate import Connection


@pytest.fixture
def empty_database(brand: str) -> Iterator[Connection]:
    """A connection to a new, empty database beside the brand's own."""
    name = sql.Identifier(f"touchstream_{brand}_empty")
    with server.connect_maintenance() as maintenance:
        maintenance.execute(sql.SQL("create database {} template template0").format(name))
        try:
            with connect.connect(f"{brand}_empty", autocommit=True) as connection:
                yield connection
        finally:
            maintenance.execute(sql.SQL("drop database {} with (force)").format(name))


def _write(folder: Path, **files: str) -> Path:
    for name, statement in files.items():
        (folder / f"{name.lstrip('_')}.sql").write_text(statement)
    return folder


def test_each_is_applied_once(empty_database: Connection, tmp_path: Path) -> None:
    _write(tmp_path, _0001_shop="create table shop (shop_id int); insert into shop values (1);")
    assert [one.name for one in migrate.migrate(empty_database, folder=tmp_path)] == ["shop"]
    _write(tmp_path, _0002_more="insert into shop values (2)")
    assert [one.name for one in migrate.migrate(empty_database, folder=tmp_path)] == ["more"]
    assert migrate.migrate(empty_database, folder=tmp_path) == []
    assert empty_database.execute("select shop_id from shop order by shop_id").fetchall() == [(1,), (2,)]


def test_one_that_fails_leaves_nothing_and_names_its_line(empty_database: Connection, tmp_path: Path) -> None:
    _write(tmp_path, _0001_good="create table good ()", _0002_bad="create table half ();\n\nselect\n    nonsense;\n")
    with pytest.raises(WarehouseError, match=r"0002_bad\.sql, line 4: column \"nonsense\" does not exist"):
        migrate.migrate(empty_database, folder=tmp_path)
    found = empty_database.execute("select to_regclass('good')::text, to_regclass('half')::text").fetchone()
    assert found == ("good", None)
    assert [done[1] for done in migrate.applied(empty_database)] == ["good"]


def test_a_percent_sign_and_words_of_any_language_pass_unchanged(empty_database: Connection, tmp_path: Path) -> None:
    _write(tmp_path, _0001_text="create table note as select '100 % für 林小姐 %s'::text as said")
    migrate.migrate(empty_database, folder=tmp_path)
    assert empty_database.execute("select said from note").fetchone() == ("100 % für 林小姐 %s",)


def test_a_changed_file_stops_the_preparation_of_a_brand(brand: str, tmp_path: Path) -> None:
    for path in migrate.FOLDER.glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    first = min(tmp_path.iterdir())
    first.write_text(first.read_text() + "\n-- an afterthought\n")
    with pytest.raises(WarehouseError, match=f"{first.name} was changed after it was applied"):
        connect.ensure_brand(brand, folder=tmp_path)
