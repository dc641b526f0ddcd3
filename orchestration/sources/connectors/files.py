"""The file connector: what lies in a source's folder.

Here: finding files, telling new ones by size, time and content. Files stay where they are; the cursor remembers, for
every path, the size and time at which it was last looked into. Not here: formats (formats.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from orchestration.brands import Brand, Source
from orchestration.source_settings import present
from orchestration.sources import formats
from orchestration.sources.connectors import Cursor, Offer

HASH_BLOCK = 1 << 22


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Files of the drop folder that match the source's path and were not yet looked into as they are now, by name.

    A file that is still being written is told by its ending: names that end in `.tmp` or `.part` or begin with `.` are
    left alone.
    """
    for name, mark in waiting(brand, source, cursor):
        yield offer(brand.drop / name, name, mark, source)


def waiting(brand: Brand, source: Source, cursor: Cursor) -> Iterator[tuple[str, str]]:
    """Name and mark (size and time) of every file that would be offered; opens none."""
    for path in _found(brand, source):
        name, mark = path.relative_to(brand.drop).as_posix(), _mark(path)
        if cursor.get(name) != mark:
            yield name, mark


def _found(brand: Brand, source: Source) -> list[Path]:
    paths = sorted(brand.drop.glob(present(source.path, "path")))
    return [path for path in paths if path.is_file() and is_whole(path.name)]


def is_whole(name: str) -> bool:
    """Whether a file of this name is offered: hidden ones and `.tmp`, `.part` are still being written."""
    return not name.startswith(".") and not name.endswith((".tmp", ".part"))


def offer(path: Path, name: str, mark: str, source: Source) -> Offer:
    """One file as a batch; `mark` tells in the cursor how it looked."""

    def how() -> formats.FileFormat:
        return formats.recognise(path, source.format, source.delimiter, source.encoding)

    return Offer(
        name=name,
        digest=content_digest(path),
        read=lambda: formats.read(path, how()),
        count=lambda: formats.count_records(path, how()),
        advance=lambda cursor: {**cursor, name: mark},
    )


def content_digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _mark(path: Path) -> str:
    facts = path.stat()
    return f"{facts.st_size}/{facts.st_mtime_ns}"
