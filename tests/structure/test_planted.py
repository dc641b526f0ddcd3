"""Each house rule finds a planted breach, and leaves its lawful neighbour alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.structure.house import import_rules, python_rules, readme_rules, sql_rules, text_rules
from tests.structure.house.tree import Finding
from tests.structure.planting import plant

MODEL = "dbt_project/models/core/fct_visit.sql"
FACT = "-- grain: one row per visit\nwith final as (\n    {}\n)\n\nselect * from final\n"
DECLARED = '[project]\ndependencies = ["pydantic>=2"]\noptional-dependencies = {dev = ["pytest"]}\n'


@dataclass(frozen=True)
class Case:
    """A tree that breaks a rule (`bad`) and one that does not (`good`): the file it is about, and both its texts."""

    rule: Callable[[Path], list[Finding]]
    file: str
    bad: str
    good: str
    says: str


def fact(select: str) -> str:
    """A model around this select."""
    return FACT.format(select)


def python_cases() -> list[Case]:
    """Breaches of the rules on Python."""
    plain, location = "orchestration/sources/shop.py", "orchestration/definitions.py"
    reads = "import os\n\nPLACE = os.environ['PLACE']\n"
    reads_late = "import os\n\ndef place():\n    return os.environ['PLACE']\n"
    default = "from orchestration.settings import home\n\ndef shelf(at=home()):\n    return at\n"
    body = "    step = 1\n"
    return [
        Case(python_rules.long_modules, plain, "step = 1\n" * 301, "step = 1\n" * 300, "301 lines"),
        Case(
            python_rules.long_functions, plain, "def wide():\n" + body * 40, "def wide():\n" + body * 39, "::wide: 41"
        ),
        Case(python_rules.silent_modules, plain, "step = 1\n", '"""Here: steps."""\n', "no docstring"),
        Case(python_rules.thick_definitions, location, "step = 1\n" * 60, "step = 1\n" * 59, "60 lines"),
        Case(
            import_rules.dagster_outside_its_rooms, plain, "import dagster as dg\n", "import json\n", "imports dagster"
        ),
        Case(import_rules.dagster_outside_its_rooms, plain, "from dagster_dbt import x\n", "", "imports dagster_dbt"),
        Case(import_rules.environment_at_import, plain, reads, reads_late, "os.environ"),
        Case(import_rules.environment_at_import, plain, default, default.replace("=home()", ""), "home"),
        Case(import_rules.undeclared_imports, plain, "import pytest\n", "import pydantic\n", "pytest, of pytest"),
        Case(
            import_rules.undeclared_imports, plain, "import no_such_module\n", "import json\n", "no installed package"
        ),
        Case(
            import_rules.bootstrap_stands_alone, "orchestration/bootstrap.py", "import rich\n", "import json\n", "rich"
        ),
    ]


def sql_cases() -> list[Case]:
    """Breaches of the rules on models."""
    good = fact("select visit_id from visits")
    portable = {
        "select distinct on (visit_id) visit_id from visits": "distinct on",
        "select visit_id::text as visit_id from visits": "::",
        "select count(*) filter (where is_new) as visit_count from visits": "filter (where",
        "select one.id from visits cross join lateral unnest(ids) as one": "lateral",
    }
    clocks = {
        "select now() as seen_at": "now()",
        "select current_date as seen_date": "current_date",
        "select current_timestamp as seen_at": "current_timestamp",
    }
    spoken = fact("-- now() and x::text are spoken of only\n    select 'now()::text' as said {# current_date #}")
    view, one = "-- grain: one row per visit\n{{ config(materialized='view') }}\n", "select visit_id from visits\n"
    branch = fact("{% if target.type == 'spark' %} select 1 as visit_id {% endif %}")
    return [
        *(Case(sql_rules.unportable_sql, MODEL, fact(bad), spoken, f"uses {word}") for bad, word in portable.items()),
        *(Case(sql_rules.clock_in_sql, MODEL, fact(bad), spoken, f"uses {word}") for bad, word in clocks.items()),
        Case(sql_rules.engine_branches, MODEL, branch, good, "target.type"),
        Case(sql_rules.long_models, MODEL, good + "--\n" * 145, good + "--\n" * 144, "151 lines"),
        Case(sql_rules.models_without_grain, MODEL, "{{ config() }}\n" + good, good, "first line"),
        Case(sql_rules.models_without_final, MODEL, good.replace("* from final", "1"), good, "last line"),
        Case(sql_rules.models_without_final, MODEL, view + good.replace("* from final", "1"), view + one, "last line"),
    ]


def text_cases() -> list[Case]:
    """Breaches of the rules on every file. The words are put together here, so that this file breaks no rule."""
    note, key = "docs/NOTE.md", "-----BEGIN " + "PRIVATE KEY-----"
    return [
        Case(text_rules.leftovers, note, "TO" + "DO: the rest", "A to-do list", "line 1"),
        Case(text_rules.leftovers, note, "done in is" + "sue 7", "an issue of the press", "sue 7"),
        Case(text_rules.leftovers, note, "see ses" + "sion #3", "a session of 3 pages", "sion #3"),
        Case(text_rules.machine_paths, note, "/ho" + "me/lin/shop", "~/shop and /usr/lib/postgresql", "/lin"),
        Case(text_rules.machine_paths, "requirements.lock", "--index-url ht" + "tps://x", "duckdb==1.5", "index-url"),
        Case(text_rules.secrets, note, key, "a private key", "private key"),
        Case(text_rules.secrets, note, "AKIA" + "Z" * 16, "AKIA", "access key"),
        Case(text_rules.made_data, "docs/rows.csv", "a,b\n", "", "tables lie in seeds/"),
        Case(text_rules.made_data, "seeds/rows.csv", "a" * 1_000_001, "a,b\n", "1000001 bytes"),
        Case(text_rules.made_data, "brands/sales.parquet", "PAR1", "", "is a product"),
    ]


@pytest.mark.parametrize(
    "case", [*python_cases(), *sql_cases(), *text_cases()], ids=lambda case: f"{case.rule.__name__}-{case.says}"
)
def test_rule_finds_the_planted_breach_and_nothing_else(case: Case, tmp_path: Path) -> None:
    bad = plant(tmp_path / "bad", {"pyproject.toml": DECLARED, case.file: case.bad})
    good = plant(tmp_path / "good", {"pyproject.toml": DECLARED} | ({case.file: case.good} if case.good else {}))
    [finding] = case.rule(bad)
    assert finding.object.startswith(case.file)
    assert case.says in str(finding)
    assert case.rule(good) == []


def test_a_model_without_its_yaml_and_a_yaml_without_its_model_are_found(tmp_path: Path) -> None:
    folder = "dbt_project/models/core"
    files = {f"{folder}/{name}": "" for name in ("dim_a.sql", "dim_a.yml", "dim_b.sql", "dim_c.yml", "_groups.yml")}
    found = {(one.object, one.rule) for one in sql_rules.models_without_yaml(plant(tmp_path, files))}
    assert found == {(f"{folder}/dim_b.sql", "no-yaml"), (f"{folder}/dim_c.yml", "no-model")}


def test_engine_macros_alone_may_be_of_one_engine(tmp_path: Path) -> None:
    text = "{% macro cut(x) %}{{ x }}::date{% endmacro %}\n"
    files = {"dbt_project/macros/engine/cut.sql": text, "dbt_project/macros/cut.sql": text}
    assert [one.object for one in sql_rules.unportable_sql(plant(tmp_path, files))] == ["dbt_project/macros/cut.sql"]


def test_dagster_is_at_home_in_its_rooms(tmp_path: Path) -> None:
    rooms = ("orchestration/defs/jobs.py", "orchestration/definitions.py", "orchestration/cli/run.py")
    assert import_rules.dagster_outside_its_rooms(plant(tmp_path, dict.fromkeys(rooms, "import dagster\n"))) == []


def readmes(**texts: str) -> dict[str, str]:
    """A tree of two READMEs, a Makefile and the script of continuous integration."""
    block = "```sh\nmake demo\nmake test  # everything\n```\n"
    tree = {"README.md": block, "README.zh-CN.md": block, ".ci/run": "run make test\nrun make demo\n"}
    return {**tree, "Makefile": "LAYERS := unit\ndemo: setup\ntest: setup\n", **texts}


def test_readme_commands_are_held_to_the_makefile_to_each_other_and_to_ci(tmp_path: Path) -> None:
    rules = (readme_rules.unknown_make_targets, readme_rules.readmes_disagree, readme_rules.ci_leaves_out)
    sound = plant(tmp_path / "sound", readmes())
    assert [finding for rule in rules for finding in rule(sound)] == []

    other = plant(tmp_path / "other", readmes(**{"README.md": "```sh\nmake demo\nmake tset BRAND=x\n```\n"}))
    assert [str(one) for one in readme_rules.unknown_make_targets(other)] == [
        "README.md: `make tset BRAND=x`: make knows no tset [unknown-target]"
    ]
    assert {one.detail for one in readme_rules.readmes_disagree(other)} == {
        "`make test` is not among its sh blocks",
        "`make test` is in one language only",
        "`make tset BRAND=x` is in one language only",
    }
    silent = plant(tmp_path / "silent", readmes(**{".ci/run": "# run make test\nrun make demo\n"}))
    assert [one.detail for one in readme_rules.ci_leaves_out(silent)] == ["does not run `make test`"]
