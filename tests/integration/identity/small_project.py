"""A dbt project of a few models around the product's own solvers: parsed in a second, with planted faults beside.

Here: the project's files and how it is run. Not here: graphs (graphs.py), what must come out (test_solvers.py).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration import settings
from orchestration.brands import Brand
from orchestration.warehouse import dbt

SOLVED = "{{{{ config(materialized='solved', solver='{solver}') }}}} select left_key, right_key from public.{table}"
SCHEMA = "staging"
WRONG = """
{#- Contraction that takes the links for used up one round early. -#}
{% macro one_round_short(links) %}
    {%- set nodes = touchstream.hashed_nodes(links) -%}
    {%- set merges = touchstream.merged_by_round() -%}
    {{ return(touchstream.contraction_answer(nodes, touchstream.expanded(merges[:-1]))) }}
{% endmacro %}

{#- Union-find without the pass that makes paths one step long. -#}
{% macro paths_left_long(links) %}
    {%- do touchstream.number_nodes(links) -%}
    {%- do touchstream.number_links() -%}
    {% call statement('union_find') %}
        {{ touchstream.union_find() | replace('parent[node] := parent[parent[node]];', 'null;') }}
    {% endcall %}
    {{ return(touchstream.answer_of_members()) }}
{% endmacro %}
"""
DUCKDB_HASH = """
{% macro duckdb__hash_number(expression, salt) %}
    {{ return('hash(' ~ expression ~ ', ' ~ salt ~ ')') }}
{% endmacro %}
"""
HASH = "return('hashtextextended(' ~ expression ~ ', ' ~ salt ~ ')')"
FEW_NUMBERS = "return('mod(hashtextextended(' ~ expression ~ ', ' ~ salt ~ '), 100)')"
MEETING_AT_FIRST = f"{FEW_NUMBERS} if salt == 0 else {HASH}"


class SmallProject:
    """Solved models in a folder of their own; `models` says of each its solver and the table of its links."""

    def __init__(self, folder: Path, models: Mapping[str, tuple[str, str]]) -> None:
        self.folder = folder
        real = dbt.project_dir()
        told = yaml.safe_load((real / "dbt_project.yml").read_text())
        kept = ("name", "config-version", "profile", "vars", "flags", "on-run-end")
        folder.mkdir()
        (folder / "dbt_project.yml").write_text(yaml.safe_dump({name: told[name] for name in kept}))
        for name in ("engine", "materializations"):
            shutil.copytree(real / "macros" / name, folder / "macros" / name)
        (folder / "macros" / "wrong.sql").write_text(WRONG)
        (folder / "models").mkdir()
        for name, (solver, table) in models.items():
            (folder / "models" / f"{name}.sql").write_text(SOLVED.format(solver=solver, table=table))

    def change(self, macros: str, old: str, new: str) -> None:
        """Plant a fault in a file of macros."""
        path = self.folder / "macros" / macros
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def run(self, brand: Brand, *select: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Make the models in the brand's warehouse; the caller looks at the return code."""
        return self._dbt(dbt.project_dir(), select, variables, more=dbt.environment(brand))

    def run_on_duckdb(self, file: Path, *select: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        """Make them in a file of DuckDB: an engine the product has no solver of its own for."""
        alone = {"threads": 1}  # other workers want the machine too
        output = {"type": "duckdb", "path": str(file), "schema": SCHEMA, "threads": 1, "settings": alone}
        profile = {"touchstream": {"target": "file", "outputs": {"file": output}}}
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profile))
        (self.folder / "macros" / "duckdb.sql").write_text(DUCKDB_HASH)
        return self._dbt(self.folder, select, variables, more={})

    def _dbt(
        self, profiles: Path, select: Sequence[str], variables: Mapping[str, Any], *, more: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        command = [str(dbt.executable()), "--no-use-colors", "run", "--vars", json.dumps(variables)]
        command += ["--project-dir", str(self.folder), "--profiles-dir", str(profiles)]
        command += ["--select", *select] if select else []
        return subprocess.run(
            command,
            cwd=settings.project_root(),
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            check=False,
        )
