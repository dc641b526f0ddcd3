"""The tools of the shelf, with the project's settings, fail on a planted breach: import-linter, sqlfluff, dbt-bouncer.

A tool that passes everything looks like a tool that found nothing; so each also passes the tree without the plant.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.model_project import BREACHES, write_project
from tests.structure.planting import plant

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(tool: str, *options: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """Exit code and everything a tool of the environment said."""
    command = [str(BIN / tool), *options]
    told = {**os.environ, "COLUMNS": "300", "NO_COLOR": "1", **environment}
    answer = subprocess.run(command, cwd=cwd, env=told, capture_output=True, text=True, check=False)
    return answer.returncode, answer.stdout + answer.stderr


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    """A copy of the Python rooms with import-linter's settings."""
    for room in ("orchestration", "expectations", "simulator"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


IMPORTS = {
    "orchestration/warehouse/planted.py": (
        "import orchestration.sources.landing",
        "Rooms know only the rooms below them",
    ),
    "orchestration/sources/planted.py": ("import orchestration.activation", "Rooms know only the rooms below them"),
    "orchestration/newroom/__init__.py": ("", "Rooms know only the rooms below them"),
    "orchestration/sources/contracts/planted.py": (
        "import orchestration.brands",
        "Landing contracts are data and know no room",
    ),
    "orchestration/activation/planted.py": ("import dagster", "Plain packages import no Dagster"),
    "expectations/planted.py": ("import orchestration.defs", "Doors do not know who wires them"),
    "orchestration/cli/planted.py": ("import simulator", "The product knows neither the simulator nor the tests"),
    "simulator/planted.py": ("import orchestration.settings", "The simulator knows nothing of the product"),
}


@pytest.mark.parametrize("file", IMPORTS)
def test_import_linter_fails_on_a_planted_import(file: str, rooms: Path) -> None:
    statement, contract = IMPORTS[file]
    plant(rooms, {file: f'"""Planted."""\n{statement}\n'})
    code, said = run("lint-imports", "--no-logo", "--no-cache", cwd=rooms)
    assert code != 0
    assert f"{contract} BROKEN" in said
    assert Path(file).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__") in said


def test_import_linter_passes_the_rooms_as_they_are(rooms: Path) -> None:
    code, said = run("lint-imports", "--no-logo", "--no-cache", cwd=rooms)
    assert code == 0, said


SOUND_SQL = """-- grain: one row per visit
with visits as (
    select
        visit_id,
        {{ cast_text('store_id') }} as store_id
    from {{ ref('stg_shop__visit') }}
),

stores as (
    select store_id
    from {{ ref('dim_store') }}
),

final as (
    select
        visits.store_id,
        count(*) as visit_count
    from visits
    inner join stores on stores.store_id = visits.store_id
    group by visits.store_id
)

select * from final
"""
STYLES = {
    "CP01": ("inner join stores", "INNER JOIN stores"),
    "LT02": ("        visit_id,", "      visit_id,"),
    "LT04": ("visits.store_id,\n        count(*)", "visits.store_id\n        , count(*)"),
    "LT05": ("one row per visit", "one row per visit " + "and so on " * 8),
    "AM05": ("inner join", "join"),
    "AM06": ("group by visits.store_id", "group by 1"),
    "AL06": ("from visits\n", "from visits as v\n"),
    "PRS": ("count(*)", "count(* as"),
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A model in its folder, with sqlfluff's settings and the project's own macros."""
    for folder in ("dbt_project/macros", "tests/structure/sqlfluff_stand_ins"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".sqlfluff", tmp_path)
    return plant(tmp_path, {"dbt_project/models/core/fct_visit.sql": SOUND_SQL})


def lint(shop: Path) -> tuple[int, set[str]]:
    """Exit code of sqlfluff, and the codes of what it found."""
    code, said = run("sqlfluff", "lint", "--format", "json", "dbt_project/models", cwd=shop)
    found = json.loads(said[said.index("[") :])
    return code, {one["code"] for file in found for one in file["violations"]}


@pytest.mark.parametrize("style", STYLES)
def test_sqlfluff_fails_on_a_planted_style(style: str, shop: Path) -> None:
    before, after = STYLES[style]
    assert before in SOUND_SQL
    plant(shop, {"dbt_project/models/core/fct_visit.sql": SOUND_SQL.replace(before, after)})
    code, found = lint(shop)
    assert code != 0
    assert style in found


def test_sqlfluff_passes_the_house_style(shop: Path) -> None:
    assert lint(shop) == (0, set())


def bounce(root: Path, *, breaches: bool) -> tuple[int, set[tuple[str, str]]]:
    """Exit code of dbt-bouncer on a small project, and the failed checks with their models."""
    project = write_project(root / "dbt_project", breaches=breaches)
    shutil.copy(ROOT / "dbt-bouncer.yml", root)
    places = ("--project-dir", ".", "--profiles-dir", ".", "--target-path", str(root / "target"))
    code, said = run("dbt", "--quiet", "parse", *places, cwd=project)
    assert code == 0, said
    options = ("--config-file", "dbt-bouncer.yml", "--output-file", "found.json", "--output-only-failures")
    code, said = run("dbt-bouncer", *options, cwd=root, DBT_PROJECT_DIR=str(root))
    report = json.loads((root / "found.json").read_text()) if (root / "found.json").exists() else []
    names = (one["check_run_id"].split(":") for one in report)
    return code, {(name[0], name[-1]) for name in names}


def test_dbt_bouncer_fails_on_each_planted_breach_and_on_nothing_else(tmp_path: Path) -> None:
    code, found = bounce(tmp_path, breaches=True)
    assert code != 0
    assert found == {(check, breach.name) for breach in BREACHES for check in breach.checks}


def test_dbt_bouncer_passes_a_sound_project(tmp_path: Path) -> None:
    assert bounce(tmp_path, breaches=False) == (0, set())
