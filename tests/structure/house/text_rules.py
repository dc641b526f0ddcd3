"""Rules on every file: no leftovers, no machine's paths, no secrets, no made data. Not here: what the text means."""

from __future__ import annotations

import re
from pathlib import Path

from tests.structure.house.tree import Finding, name_of, project_files, text_of

# One letter of each word stands in brackets, so that this file does not find itself.
LEFTOVERS = {
    "leftover": re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b"),
    "workplace": re.compile(
        r"\b(issue|ticket|session|sprint|pull request)\s*#?\d+\b|\(#\d+\)|\b(this|next|last|later|earlier)"
        r" (issue|ticket|sprint)\b",
        re.IGNORECASE,
    ),
}
MACHINE_PATHS = re.compile(r"(?<![\w.])/(home|Users|root|work|opt/py\w*|mnt|private)/[\w.-]+")
INDEX_HOSTS = re.compile(
    r"(index[-_]url|find[-_]links|trusted[-_]host|UV_\w*INDEX\w*)\W{0,4}(=|\s)\W{0,2}(https?|file):", re.IGNORECASE
)
SECRETS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "access key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{20,}|sk-[A-Za-z0-9_-]{32,})"),
    "web token": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\."),
}
MADE_SUFFIXES = {
    ".arrow", ".db", ".dmp", ".duckdb", ".feather", ".gz", ".ipynb", ".log", ".parquet", ".pickle", ".pkl", ".pyc",
    ".sqlite", ".tar", ".whl", ".xlsx", ".zip",
}  # fmt: skip
LARGEST = 1_000_000
REFERENCE_FOLDERS = ("seeds/", "tests/")


def leftovers(root: Path) -> list[Finding]:
    """Nothing is left to be done in a comment, and the project speaks of itself alone."""
    return [
        Finding(name_of(path, root), rule, f"line {text.count(chr(10), 0, hit.start()) + 1}: {hit.group()}")
        for path in project_files(root)
        if (text := text_of(path)) is not None
        for rule, pattern in LEFTOVERS.items()
        for hit in pattern.finditer(text)
    ]


def machine_paths(root: Path) -> list[Finding]:
    """No path of one machine and no address of one package index."""
    return [
        Finding(name_of(path, root), "machine", f"line {text.count(chr(10), 0, hit.start()) + 1}: {hit.group()}")
        for path in project_files(root)
        if (text := text_of(path)) is not None
        for pattern in (MACHINE_PATHS, INDEX_HOSTS)
        for hit in pattern.finditer(text)
    ]


def secrets(root: Path) -> list[Finding]:
    """No key and no token lies in the project; the finding does not repeat it."""
    return [
        Finding(name_of(path, root), "secret", f"looks like a {kind}")
        for path in project_files(root)
        if (text := text_of(path)) is not None
        for kind, pattern in SECRETS.items()
        if pattern.search(text)
    ]


def made_data(root: Path) -> list[Finding]:
    """Data is made or fetched, not kept: only seeds and the tests' own cases are tracked, and nothing large."""
    found: list[Finding] = []
    for path in project_files(root):
        name = name_of(path, root)
        small_case = name.startswith("tests/")
        if path.stat().st_size > LARGEST:
            found.append(Finding(name, "made-data", f"{path.stat().st_size} bytes, {LARGEST} are allowed"))
        elif path.suffix in MADE_SUFFIXES and not small_case:
            found.append(Finding(name, "made-data", f"a {path.suffix} file is a product"))
        elif path.suffix in {".csv", ".tsv", ".jsonl"} and not name.startswith(REFERENCE_FOLDERS):
            found.append(Finding(name, "made-data", "tables lie in seeds/ or beside their test"))
    return found
