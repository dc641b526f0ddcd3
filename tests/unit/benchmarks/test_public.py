"""`python -m benchmarks public`: files read for the oracle, and what ends it; its figures need files from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import public
from benchmarks.public_files import FILES, PublicFile
from orchestration import settings
from orchestration.brands import BrandFile
from orchestration.sources.contracts import contract

FEBRL, FAKE = FILES[0], FILES[3]


def _title(file: PublicFile) -> str:
    return f"{file.name}, {len(file.keys)}"


@pytest.mark.parametrize("file", FILES, ids=_title)
def test_the_brand_of_each_file_lands_the_identifiers_that_the_oracle_reads(file: PublicFile) -> None:
    (source,) = BrandFile.model_validate(tomllib.loads(file.brand)).sources.values()
    fields = {item.name: item for item in contract(source.contract).fields if item.pii.kind == "identifier"}
    landed = {(column, fields[name].pii.namespace) for name, column in source.columns.items() if name in fields}
    assert {(key.column, key.namespace) for key in file.keys} == landed
    required = {item.pii.namespace for item in fields.values() if item.is_required}
    assert {key.namespace for key in file.keys if key.is_required} == required


def test_rows_are_read_with_their_keys_and_the_person_they_are_about(tmp_path: Path) -> None:
    text = "rec_id, surname, soc_sec_id\nrec-712-dup-0, li, 9497788\nrec-712-org, lin, \n"
    (tmp_path / FEBRL.name).write_text(text, encoding="utf-8")
    first, second = FEBRL.rows(tmp_path)
    assert first.identifiers == (("mdm_id", "febrl:rec-712-dup-0"), ("member_id", "9497788"))
    assert second.identifiers == (("mdm_id", "febrl:rec-712-org"),)
    assert first.person == second.person == "712"


def test_a_row_whose_required_identifier_cannot_be_read_declares_nothing(tmp_path: Path) -> None:
    (tmp_path / FAKE.name).write_text("unique_id,email,cluster\n,a@example.com,1\n", encoding="utf-8")
    (row,) = FAKE.rows(tmp_path)
    assert row.identifiers == ()


def test_a_difference_is_shown_from_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = ("mdm_id", "m:1"), ("mdm_id", "m:2")
    glued, apart = {frozenset({one, two})}, {frozenset({one}), frozenset({two})}
    assert public.compare(apart, apart)
    assert not public.compare(glued, apart)
    told = capsys.readouterr().out
    assert "NOT EQUAL" in told
    assert f"only in the warehouse, of 2: {[one, two]}" in told
    assert f"only in scipy, of 1: {[two]}" in told


def test_a_file_whose_components_differ_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (FEBRL, FAKE):
        (tmp_path / file.name).touch()

    def is_equal(file: PublicFile, _: Path) -> bool:
        return file is not FAKE

    monkeypatch.setattr(public, "is_equal", is_equal)
    with pytest.raises(SystemExit, match=r"components differ from scipy's: fake_1000\.csv"):
        public.run(folder=tmp_path)


def test_a_folder_without_the_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"holds none of dataset1\.csv"):
        public.run(folder=tmp_path)


def test_the_command_asks_for_the_folder() -> None:
    command = [sys.executable, "-m", "benchmarks", "public"]
    told = subprocess.run(
        command, cwd=settings.project_root(), env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert "public needs --folder" in told.stderr
