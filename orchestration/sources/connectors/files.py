"""The file connector: what lies in a source's folder.

Here: finding files, telling new ones by size, time and content. Files stay where they are; the cursor remembers, for every path, the size
and time at which it was last looked into. Not here: formats (formats.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from orchestration.brands import Brand, Source
from orchestration.sources import formats
from orchestration.sources.connectors import Cursor, Offer

HASH_BLOCK = 1 << 22


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Files under the brand's drop folder that match the source's path and have not been looked into as they are now, by name.

    A file that is still being written is told by its ending: names that end in `.tmp` or `.part` or begin with `.` are left alone.
    """
    seen = dict(cursor)
    for path in sorted(brand.drop.glob(source.path)):
        if not path.is_file() or path.name.startswith(".") or path.suffix in (".tmp", ".part"):
            continue
        name = path.relative_to(brand.drop).as_posix()
        mark = _mark(path)
        if seen.get(name) == mark:
            continue
        seen[name] = mark
        yield offer(path, name, source, dict(seen))


def offer(path: Path, name: str, source: Source, cursor: Cursor) -> Offer:
    """One file as a batch."""

    def how() -> formats.FileFormat:
        return formats.recognise(path, source.format, source.delimiter, source.encoding)

    return Offer(
        name=name,
        digest=content_digest(path),
        read=lambda: formats.read(path, how()),
        count=lambda: formats.count_records(path, how()),
        cursor=cursor,
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
