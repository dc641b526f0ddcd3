"""What lies in a tree: its files by kind, and what a rule says of them. Not here: any rule."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

# Made at run time, never part of the project; .gitignore names the same.
MADE = {".git", ".venv", ".touchstream", "__pycache__", "target", "logs", "build", "dist"}
CODE_FOLDERS = ("orchestration", "expectations", "simulator", "benchmarks", "tests")
PRODUCT_FOLDERS = ("orchestration", "expectations")


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of one rule: the object is a path from the root, with `::name` behind it for a part of a file."""

    object: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.object}: {self.detail} [{self.rule}]"


def project_files(root: Path) -> list[Path]:
    """Files of the project, absolute, sorted: what git knows or would take up, or every file where there is no git."""
    if (root / ".git").exists():
        asked = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return sorted(path for name in answer.stdout.split("\0") if name and (path := root / name).is_file())
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path for path in found if not MADE & set(path.relative_to(root).parts[:-1]))


def name_of(path: Path, root: Path) -> str:
    """The path from the root, with forward slashes."""
    return path.relative_to(root).as_posix()


def python_files(root: Path, folders: tuple[str, ...] = CODE_FOLDERS) -> list[Path]:
    """Python files below these folders of the root."""
    files = (path for path in project_files(root) if path.suffix == ".py")
    return [path for path in files if path.relative_to(root).parts[0] in folders]


def sql_files(root: Path, *folders: str) -> list[Path]:
    """SQL files below these folders of `dbt_project`."""
    wanted = tuple(f"dbt_project/{folder}/" for folder in folders)
    return [path for path in project_files(root) if path.suffix == ".sql" and name_of(path, root).startswith(wanted)]


def text_of(path: Path) -> str | None:
    """The text of a file, or None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
