"""Every model and every data test can be told in Spark's dialect, without a database, Spark or Java."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.dbt import spark_dialect

ROOT = Path(__file__).resolve().parents[3]
POSTGRES_ONLY = {
    "cast": "select source::text as source from {orders}",
    "distinct_on": "select distinct on (source) source from {orders}",
    "filter": "select count(*) filter (where line_count > 1) as many from {orders}",
    "lateral": "select one.n from {orders} as orders cross join lateral (select 1 as n) as one",
    "interval": "select ordered_at + interval '1 day' as later_at from {orders}",
    "zone": "select ordered_at at time zone 'UTC' as ordered_at from {orders}",
    "function": "select to_char(order_date, 'YYYY') as year_name from {orders}",
    "series": "select days.n from generate_series(1, 2) as days (n)",
    "type": "select cast(source as text) as source from {orders}",
    "json": "select source ->> 'a' as part from {orders}",
    "median": "select percentile_cont(0.5) within group (order by line_count) as middle from {orders}",
    "syntax": "select source from {orders} where source ~ 'a'",
}
# Every statement of the portable solver, each of tables that are named only.
SOLVER = {
    "link": "{{ contraction_link('select a.left_key, a.right_key from pairs as a', 1) }}",
    "node": "{{ contraction_node('links') }}",
    "edge": "{{ contraction_edge('links') }}",
    "hook": "{{ contraction_hook('edges') }}",
    "jump": "{{ contraction_jump('hooks') }}",
    "contract": "{{ contraction_contract('edges', 'merges') }}",
    "expand": "{{ contraction_expand('merges', 'labels') }}",
    "answer": "{{ contraction_answer('nodes', 'labels') }}",
}
SOLVER_COMMANDS = {
    "create": ("{{ create_scratch_as('hooks', 'select 1 as one') }}", "create table hooks as select 1 as one"),
    "analyze": ("{{ gather_statistics_of('hooks') }}", "analyze table hooks compute statistics"),
    "names": ("{{ tables_named(this, 'solver_') }}", "show tables in features like 'solver_*'"),
}


def dbt_on_spark(verb: str, project: Path, target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run dbt for the target `spark` with nothing reachable."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOUCHSTREAM_PG_")}
    command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", verb, *more, "--target", "spark"]
    command += ["--no-populate-cache", "--project-dir", str(project), "--profiles-dir", str(project)]
    command += ["--target-path", str(target), "--log-path", str(target / "logs")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The real project with models beside the real ones that only PostgreSQL could run, compiled in one go."""
    root = tmp_path_factory.mktemp("planted")
    for folder in ("dbt_project", "seeds"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("target", "logs"))
    models = root / "dbt_project" / "models" / "features"
    for name, sql in POSTGRES_ONLY.items():
        (models / f"planted_{name}.sql").write_text(sql.format(orders="{{ ref('fct_order') }}"))
    for name, sql in SOLVER.items():
        (models / f"planted_solver_{name}.sql").write_text(sql)
    for name, (sql, _) in SOLVER_COMMANDS.items():
        (models / f"planted_command_{name}.sql").write_text(sql)
    (models / "planted_increment.sql").write_text(
        "{{ config(materialized='incremental') }} select source from {{ ref('fct_order') }}"
        " {% if is_incremental() %} where order_date > (select max(order_date) from {{ this }}) {% endif %}"
    )
    result = dbt_on_spark("compile", root / "dbt_project", root / "target", "--no-introspect", "--full-refresh")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    nodes: dict[str, Any] = json.loads((root / "target" / "manifest.json").read_text())["nodes"]
    return nodes


def test_every_model_is_spark_sql_when_compiled_for_spark(planted: dict[str, Any]) -> None:
    judged = {
        name: spark_dialect.faults(node["compiled_code"])
        for name, node in planted.items()
        if node["resource_type"] in {"model", "test"} and ".planted_" not in name
    }
    files = {path.stem for path in (ROOT / "dbt_project" / "models").rglob("*.sql")}
    assert files == {name.split(".")[-1] for name in judged if name.startswith("model.")}
    assert {name: found for name, found in judged.items() if found} == {}


@pytest.mark.parametrize("name", POSTGRES_ONLY)
def test_model_is_found_out_when_only_postgresql_runs_it(planted: dict[str, Any], name: str) -> None:
    assert spark_dialect.faults(planted[f"model.touchstream.planted_{name}"]["compiled_code"])


def test_incremental_model_compiles_offline_when_refreshed_in_full(planted: dict[str, Any]) -> None:
    assert "max(order_date)" not in planted["model.touchstream.planted_increment"]["compiled_code"]


@pytest.mark.parametrize("name", SOLVER)
def test_statement_of_the_portable_solver_is_spark_sql(planted: dict[str, Any], name: str) -> None:
    assert spark_dialect.faults(planted[f"model.touchstream.planted_solver_{name}"]["compiled_code"]) == []


@pytest.mark.parametrize("name", SOLVER_COMMANDS)
def test_command_of_the_portable_solver_is_spark_s_own(planted: dict[str, Any], name: str) -> None:
    assert planted[f"model.touchstream.planted_command_{name}"]["compiled_code"].strip() == SOLVER_COMMANDS[name][1]


def test_solver_says_so_when_the_engine_has_none(tmp_path: Path) -> None:
    arguments = ("--args", json.dumps({"links": "select 1"}))
    result = dbt_on_spark("run-operation", ROOT / "dbt_project", tmp_path, "solve_constrained_forest", *arguments)
    assert result.returncode != 0
    assert "solve_constrained_forest: spark has no graph solver yet" in result.stdout
