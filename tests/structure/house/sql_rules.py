"""Rules on models: measure, grain, the file beside it, portable SQL.

Not here: layout (sqlfluff), layers and names (dbt-bouncer).
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.structure.house.tree import Finding, name_of, sql_files

MODEL_LINES = 150
# What one engine alone understands, or what asks the clock; `dbt_project/macros/engine/` is where engines differ.
UNPORTABLE = {
    "distinct on": r"\bdistinct\s+on\s*\(",
    "::": r"::",
    "filter (where": r"\bfilter\s*\(\s*where\b",
    "lateral": r"\blateral\b",
    "with recursive": r"\bwith\s+recursive\b",
    "ilike": r"\bilike\b",
}
CLOCK = {
    "now()": r"\bnow\s*\(",
    "current_date": r"\bcurrent_date\b",
    "current_timestamp": r"\bcurrent_timestamp\b",
    "localtimestamp": r"\blocaltimestamp\b",
    "clock_timestamp()": r"\bclock_timestamp\s*\(",
    "run_started_at": r"\brun_started_at\b",
}
ENGINE_BRANCH = r"\btarget\s*\.\s*(type|name)\b"


def bare(sql: str) -> str:
    """SQL without comments and without what stands in quotes."""
    without_comments = re.sub(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", " ", sql, flags=re.DOTALL)
    return re.sub(r"'(?:[^']|'')*'", "''", without_comments)


def long_models(root: Path) -> list[Finding]:
    """A model of more than 150 lines is two."""
    counted = ((path, len(path.read_text().splitlines())) for path in sql_files(root, "models"))
    return [
        Finding(name_of(path, root), "long-model", f"{lines} lines, the house allows {MODEL_LINES}")
        for path, lines in counted
        if lines > MODEL_LINES
    ]


def models_without_grain(root: Path) -> list[Finding]:
    """The first line of a model says what one row is."""
    return [
        Finding(name_of(path, root), "no-grain", "the first line is not `-- grain: one row …`")
        for path in sql_files(root, "models")
        if not path.read_text().startswith("-- grain: one row")
    ]


def models_without_final(root: Path) -> list[Finding]:
    """A model ends in its last step, `final`; only the order in which it is stored may follow.

    A view of one select has no steps: without a `with` the planner looks through it.
    """
    ends = re.compile(r"^select \* from final(\norder by [^\n]+)?\s*\Z", re.MULTILINE)
    view = re.compile(r"materialized='view'(?!.*^with\b)", re.MULTILINE | re.DOTALL)
    return [
        Finding(name_of(path, root), "no-final", "the last line is not `select * from final`")
        for path in sql_files(root, "models")
        if not ends.search(text := path.read_text()) and not view.search(text)
    ]


def models_without_yaml(root: Path) -> list[Finding]:
    """One YAML beside each model, with its stem, and none left of a model that went."""
    models = set(sql_files(root, "models"))
    found = [
        Finding(name_of(path, root), "no-yaml", f"{path.stem}.yml is not beside it")
        for path in sorted(models)
        if not path.with_suffix(".yml").exists()
    ]
    orphans = (
        path
        for path in sorted((root / "dbt_project" / "models").rglob("*.yml"))
        if not path.stem.startswith("_") and path.with_suffix(".sql") not in models
    )
    return [*found, *(Finding(name_of(path, root), "no-model", f"{path.stem}.sql is gone") for path in orphans)]


def _banned(root: Path, rule: str, banned: dict[str, str], *folders: str) -> list[Finding]:
    engine = "dbt_project/macros/engine/"
    return [
        Finding(name_of(path, root), rule, f"uses {word}")
        for path in sql_files(root, *folders)
        if not name_of(path, root).startswith(engine)
        for word, pattern in banned.items()
        if re.search(pattern, bare(path.read_text()), flags=re.IGNORECASE)
    ]


def unportable_sql(root: Path) -> list[Finding]:
    """Models, tests and macros are portable SQL; what engines spell differently is a macro below `macros/engine/`."""
    return _banned(root, "unportable", UNPORTABLE, "models", "tests", "macros")


def clock_in_sql(root: Path) -> list[Finding]:
    """Nothing that is built asks what time it is: `as_of` and `known_at` say it."""
    return _banned(root, "asks-the-clock", CLOCK, "models", "tests", "macros")


def engine_branches(root: Path) -> list[Finding]:
    """A model never asks which engine it runs on; a dispatched macro does."""
    return _banned(root, "engine-branch", {"target.type": ENGINE_BRANCH}, "models", "tests")
