"""Rules on imports: Dagster in its rooms only, nothing read at import, nothing undeclared.

Not here: which room may know which; import-linter holds that.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.structure.house.tree import PRODUCT_FOLDERS, Finding, name_of, python_files

DAGSTER_ROOMS = ("orchestration/defs/", "orchestration/definitions.py", "orchestration/cli/")
# The code location is built when Dagster imports it: it alone may look around then.
READS_AT_IMPORT = ("orchestration/definitions.py",)
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb", "Path.home", "Path.cwd"}


def _imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Top names of the modules imported anywhere in a tree, with their lines; relative imports are our own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


def dagster_outside_its_rooms(root: Path) -> list[Finding]:
    """Only `defs`, `definitions` and `cli` import Dagster."""
    return [
        Finding(name_of(path, root), "dagster-outside", f"line {line} imports {module}; plain packages know no Dagster")
        for path in python_files(root, ("orchestration", "expectations", "simulator"))
        if not name_of(path, root).startswith(DAGSTER_ROOMS)
        for module, line in _imported(ast.parse(path.read_text()))
        if re.fullmatch(r"dagster(_\w+)?", module)
    ]


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are evaluated at import: not the inside of functions, not a script's main part."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        for part in [*getattr(node, "decorator_list", []), *defaults]:
            yield from _run_at_import(part)
        return
    if isinstance(node, ast.If) and re.search(r"__name__|TYPE_CHECKING", ast.unparse(node.test)):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _run_at_import(child)


def environment_at_import(root: Path) -> list[Finding]:
    """Nothing reads the environment at import, neither itself nor by a function of `settings`."""
    found: list[Finding] = []
    for path in python_files(root, PRODUCT_FOLDERS):
        name = name_of(path, root)
        tree = ast.parse(path.read_text())
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        readers = {a.asname or a.name for node in froms if node.module == "orchestration.settings" for a in node.names}
        readers |= {a.asname or a.name for node in froms if node.module == "os" for a in node.names} & {
            "environ",
            "getenv",
        }
        for node in _run_at_import(tree) if name not in READS_AT_IMPORT else ():
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            read = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
            if (
                read in ENVIRONMENT
                or read == "environ" in readers
                or called in readers
                or called.startswith("settings.")
            ):
                found.append(Finding(name, "reads-at-import", f"{called or read} is read when it is imported"))
    return found


def _declared(root: Path) -> set[str]:
    """Names of the packages that pyproject.toml declares for running, the extra for development left out."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = (lines for name, lines in project.get("optional-dependencies", {}).items() if name != "dev")
    lines = [*project.get("dependencies", []), *(line for extra in extras for line in extra)]
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", line)[0]).lower() for line in lines}


def undeclared_imports(root: Path) -> list[Finding]:
    """What the product imports, its project file declares; a package that merely happens to be there may go any day."""
    declared, makers = _declared(root), packages_distributions()
    ours = {*PRODUCT_FOLDERS, *sys.stdlib_module_names}
    found: set[Finding] = set()
    for path in python_files(root, PRODUCT_FOLDERS):
        for module, _ in _imported(ast.parse(path.read_text())):
            made_by = {re.sub(r"[-_.]+", "-", maker).lower() for maker in makers.get(module, [])}
            if module not in ours and not made_by & declared:
                known = ", ".join(sorted(made_by)) or "no installed package"
                found.add(Finding(name_of(path, root), "undeclared-import", f"{module}, of {known}"))
    return sorted(found)


def bootstrap_stands_alone(root: Path) -> list[Finding]:
    """Set-up runs before anything is installed: the standard library and nothing else."""
    path = root / "orchestration" / "bootstrap.py"
    if not path.exists():
        return []
    return [
        Finding(name_of(path, root), "bootstrap-alone", f"line {line} imports {module}, which is not there yet")
        for module, line in _imported(ast.parse(path.read_text()))
        if module not in sys.stdlib_module_names
    ]
