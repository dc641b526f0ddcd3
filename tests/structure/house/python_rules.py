"""Rules on Python's form: measures, docstrings, the thin code location. Not here: what is imported (import_rules)."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.structure.house.tree import Finding, name_of, python_files

MODULE_LINES = 300
FUNCTION_LINES = 40
DEFINITIONS_LINES = 60


def long_modules(root: Path) -> list[Finding]:
    """A module of more than 300 lines is two."""
    counted = ((path, len(path.read_text().splitlines())) for path in python_files(root))
    return [
        Finding(name_of(path, root), "long-module", f"{lines} lines, the house allows {MODULE_LINES}")
        for path, lines in counted
        if lines > MODULE_LINES
    ]


def long_functions(root: Path) -> list[Finding]:
    """A function of more than 40 lines is two."""
    found: list[Finding] = []
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > FUNCTION_LINES:
                    part = f"{name_of(path, root)}::{node.name}"
                    found.append(Finding(part, "long-function", f"{lines} lines, the house allows {FUNCTION_LINES}"))
    return found


def silent_modules(root: Path) -> list[Finding]:
    """A module opens with what belongs there."""
    return [
        Finding(name_of(path, root), "silent-module", "no docstring says what belongs here")
        for path in python_files(root)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]


def thick_definitions(root: Path) -> list[Finding]:
    """The code location wires; it stays under 60 lines."""
    path = root / "orchestration" / "definitions.py"
    lines = len(path.read_text().splitlines()) if path.exists() else 0
    if lines < DEFINITIONS_LINES:
        return []
    return [Finding(name_of(path, root), "thick-definitions", f"{lines} lines, under {DEFINITIONS_LINES} are allowed")]
