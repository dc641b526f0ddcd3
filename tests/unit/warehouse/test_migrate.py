"""Migration files and histories that fit, and those that are refused before any database is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.warehouse import migrate
from orchestration.warehouse.errors import WarehouseError


def _write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name.lstrip('_')}.sql").write_text(sql)
    return folder


def _history(folder: Path) -> list[tuple[int, str, str]]:
    return [(found.version, found.name, found.checksum) for found in migrate.read(folder)]


def test_files_are_read_in_order_of_their_numbers(tmp_path: Path) -> None:
    found = migrate.read(_write(tmp_path, _0002_second="select 2", _0001_first="select 1"))
    assert [(one.version, one.name, one.sql) for one in found] == [(1, "first", "select 1"), (2, "second", "select 2")]


def test_the_projects_own_migrations_are_a_history() -> None:
    assert migrate.read()


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (["0001_a", "0003_c"], "0003 is there but 0002 is missing"),
        (["0002_b"], "0002 is there but 0001 is missing"),
        (["0001_a", "0001_b"], "0001 is there twice"),
        (["1_a"], "is named NNNN_what_it_does.sql"),
        (["0001_A"], "is named NNNN_what_it_does.sql"),
    ],
)
def test_numbers_and_names_are_checked(tmp_path: Path, names: list[str], complaint: str) -> None:
    _write(tmp_path, **{f"_{name}": "select 1" for name in names})
    with pytest.raises(WarehouseError, match=complaint):
        migrate.read(tmp_path)


@pytest.mark.parametrize(
    "sql", ["select 1;\ncommit;\nselect 2;", "BEGIN;\nselect 1;", "start transaction ;", " rollback;"]
)
def test_a_file_that_ends_its_transaction_is_refused(tmp_path: Path, sql: str) -> None:
    with pytest.raises(WarehouseError, match="Take begin, commit, rollback out"):
        migrate.read(_write(tmp_path, _0001_a=sql))


def test_a_function_body_with_begin_and_end_is_no_transaction(tmp_path: Path) -> None:
    body = "create function f() returns int language plpgsql as $$\nbegin\n    return 1;\nend;\n$$;"
    assert len(migrate.read(_write(tmp_path, _0001_a=body))) == 1


def test_only_what_the_database_lacks_is_missing(tmp_path: Path) -> None:
    known = migrate.read(_write(tmp_path, _0001_a="select 1", _0002_b="select 2", _0003_c="select 3"))
    assert migrate.missing_of(known, _history(tmp_path)[:1], database="db") == known[1:]


def test_a_file_changed_after_it_was_applied_is_refused(tmp_path: Path) -> None:
    before = _history(_write(tmp_path, _0001_a="select 1"))
    changed = migrate.read(_write(tmp_path, _0001_a="select 2"))
    with pytest.raises(WarehouseError, match=r"0001_a\.sql was changed after it was applied"):
        migrate.missing_of(changed, before, database="db")


def test_a_database_ahead_of_the_code_is_refused(tmp_path: Path) -> None:
    before = _history(_write(tmp_path, _0001_a="select 1", _0002_b="select 2"))
    (tmp_path / "0002_b.sql").unlink()
    with pytest.raises(WarehouseError, match="newer than this code: it has migration 0002_b, the code ends at 0001"):
        migrate.missing_of(migrate.read(tmp_path), before, database="db")


def test_a_hole_in_the_databases_history_is_refused(tmp_path: Path) -> None:
    before = _history(_write(tmp_path, _0001_a="select 1", _0002_b="select 2"))
    with pytest.raises(WarehouseError, match=r"ops\.migration has no line 0001"):
        migrate.missing_of(migrate.read(tmp_path), before[1:], database="db")
