"""What lies in a drop folder and is no plain file, or is one under a strange name, stops nobody and is told by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.brands import Brand
from orchestration.sources.connectors import files
from orchestration.sources.landing import land
from tests.workshop import Workshop, rows, write

SOURCES = '[sources.members]\nconnector = "files"\ncontract = "crm.member"\npath = "members/*"\n'
SOUND = "member_id\n1\n"


@pytest.fixture
def brand(workshop: Workshop) -> Brand:
    brand = workshop.brand(SOURCES)
    write(brand, "members/z.csv", SOUND)
    return brand


def landed(brand: Brand) -> dict[str, str]:
    return {item.name.removeprefix("members/"): item.reason or item.outcome for item in land.land(brand)}


def test_what_is_no_file_is_left_alone(brand: Brand, tmp_path: Path) -> None:
    folder = brand.drop / "members"
    (folder / "a.csv").mkdir()
    (folder / "a.csv" / "inner.csv").write_text(SOUND, encoding="utf-8")
    (folder / "b.csv").symlink_to(tmp_path / "nowhere.csv")
    os.mkfifo(folder / "c.csv")
    (folder / "d.csv").symlink_to(folder, target_is_directory=True)
    for name in (".hidden.csv", "e.csv.part", "f.csv.tmp"):
        (folder / name).write_text("half", encoding="utf-8")
    assert landed(brand) == {"z.csv": "landed"}


def test_a_link_to_a_file_is_that_file(brand: Brand, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text("member_id\n2\n", encoding="utf-8")
    (brand.drop / "members" / "a.csv").symlink_to(tmp_path / "elsewhere.csv")
    (brand.drop / "members" / "b.csv").symlink_to(brand.drop / "members" / "z.csv")
    assert landed(brand) == {"a.csv": "landed", "b.csv": "landed", "z.csv": "known"}


STRANGE = (
    "a b.csv",
    "会员 导出.CSV",
    'it\'s "quoted".csv',
    "semi;colon,comma.csv",
    "-rf.csv",
    "{}*?[x].csv",
    "a\nb.csv",
)


def test_files_of_strange_names_land_under_them(brand: Brand) -> None:
    for number, name in enumerate(STRANGE):
        write(brand, f"members/{name}", f"member_id\nm{number}\n")
    assert landed(brand) == {**dict.fromkeys(STRANGE, "landed"), "z.csv": "landed"}
    assert {row[0] for row in rows(brand, "select name from ops.batch")} == {
        f"members/{n}" for n in (*STRANGE, "z.csv")
    }
    assert landed(brand) == {}


def test_a_name_that_is_no_text_is_told_by_its_bytes(brand: Brand) -> None:
    with open(os.fsencode(brand.drop / "members") + b"/caf\xe9.csv", "wb") as handle:  # noqa: PTH123 - a path of bytes
        handle.write(SOUND.encode())
    assert landed(brand) == {"caf\\xe9.csv": "bad_name", "z.csv": "landed"}
    assert rows(brand, "select name from ops.refused_file") == [("members/caf\\xe9.csv",)]


def test_a_file_that_cannot_be_opened_is_refused_and_the_others_land(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brand, "members/a.csv", SOUND)
    honest = files.content_digest

    def digest(path: Path) -> str:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return honest(path)

    monkeypatch.setattr(files, "content_digest", digest)
    assert landed(brand) == {"a.csv": "unreadable", "z.csv": "landed"}
    monkeypatch.undo()
    assert landed(brand) == {"a.csv": "known"}


def test_a_file_that_is_gone_before_it_is_looked_into_is_no_offer(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(brand, "members/a.csv", "member_id\n2\n")
    honest = files.content_digest

    def digest(looked_at: Path) -> str:
        path.unlink(missing_ok=True)
        return honest(looked_at)

    monkeypatch.setattr(files, "content_digest", digest)
    assert landed(brand) == {"z.csv": "landed"}
