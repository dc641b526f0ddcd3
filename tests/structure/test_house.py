"""The project keeps the house rules. What the rules find in a planted tree: test_planted.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.structure.house import import_rules, python_rules, readme_rules, sql_rules, text_rules, waivers
from tests.structure.house.tree import Finding

ROOT = Path(__file__).resolve().parents[2]
RULES: list[Callable[[Path], list[Finding]]] = [
    import_rules.bootstrap_stands_alone,
    import_rules.dagster_outside_its_rooms,
    import_rules.environment_at_import,
    import_rules.undeclared_imports,
    python_rules.long_functions,
    python_rules.long_modules,
    python_rules.silent_modules,
    python_rules.thick_definitions,
    readme_rules.ci_leaves_out,
    readme_rules.readmes_disagree,
    readme_rules.unknown_make_targets,
    sql_rules.clock_in_sql,
    sql_rules.engine_branches,
    sql_rules.long_models,
    sql_rules.models_without_final,
    sql_rules.models_without_grain,
    sql_rules.models_without_yaml,
    sql_rules.unportable_sql,
    text_rules.leftovers,
    text_rules.machine_paths,
    text_rules.made_data,
    text_rules.secrets,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_holds_in_the_project(rule: Callable[[Path], list[Finding]]) -> None:
    waived = {(waiver.object, waiver.rule) for waiver in waivers.read_waivers(ROOT)}
    standing = [finding for finding in rule(ROOT) if (finding.object, finding.rule) not in waived]
    assert not standing, "\n" + "\n".join(map(str, standing))


def test_every_waiver_is_in_force_and_needed() -> None:
    findings = [finding for rule in RULES for finding in rule(ROOT)]
    kept = waivers.read_waivers(ROOT)
    idle = [one for one in waivers.judge(findings, kept, datetime.now(tz=UTC).date()) if one.rule.endswith("-waiver")]
    assert not idle, "\n" + "\n".join(map(str, idle))
