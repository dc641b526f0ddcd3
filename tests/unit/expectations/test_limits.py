"""Limits: the row that holds, and files that are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expectations import limits, suites
from orchestration import brands, settings

HEAD = "brand,subject,limit_name,limit_value"


def file(folder: Path, *rows: str) -> Path:
    path = folder / "expectation_limits.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["*,*,share,1"], 1),
        (["*,core.fct_order,share,2", "*,*,share,1"], 2),
        (["qinglan,*,share,3", "*,core.fct_order,share,2", "*,*,share,1"], 3),
        (["qinglan,core.fct_order,share,4", "qinglan,*,share,3", "*,core.fct_order,share,2", "*,*,share,1"], 4),
        (["*,*,share,1", "other,core.fct_order,share,9", "qinglan,core.fct_event,share,8"], 1),
    ],
)
def test_nearest_row_holds(tmp_path: Path, rows: list[str], expected: float) -> None:
    for order in (rows, rows[::-1]):
        assert limits.read("qinglan", "core.fct_order", file(tmp_path, *order)).value("share") == expected


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf"])
def test_limit_that_is_no_number_is_refused_with_its_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(limits.LimitError, match="line 3: limit_value"):
        limits.read("qinglan", "core.fct_order", file(tmp_path, "*,*,days,1", f"other,*,share,{value}"))


def test_limit_said_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(limits.LimitError, match=r"line 3: \* / \* / share is said twice"):
        limits.read("qinglan", "core.fct_order", file(tmp_path, "*,*,share,1", "*,*,share,2"))


def test_missing_column_and_missing_limit_are_told(tmp_path: Path) -> None:
    with pytest.raises(limits.LimitError, match="has no limit 'share'"):
        limits.read("qinglan", "core.fct_order", file(tmp_path)).value("share")
    path = tmp_path / "short.csv"
    path.write_text("brand,limit_name,limit_value\n", encoding="utf-8")
    with pytest.raises(limits.LimitError, match="has no column subject"):
        limits.read("qinglan", "core.fct_order", path)


def test_every_limit_the_suites_ask_for_has_a_default_and_every_default_is_asked_for() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (settings.project_root() / "expectations").glob("*.py"))
    asked = set(re.findall(r'\.(?:value|count)\("([a-z_]+)"\)', code))
    assert asked == set(limits.read("*", "*").values)


def test_rows_of_the_seed_name_brands_and_subjects_there_are() -> None:
    rows = limits.file().read_text(encoding="utf-8").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} <= {"*", *brands.names()}
    assert {row.split(",")[1] for row in rows} <= {"*", *suites.subjects()}
