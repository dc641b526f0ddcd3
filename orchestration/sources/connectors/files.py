"""The file connector: what lies in a source's folder.

Here: finding files, telling new ones by size, time and content. Files stay where they are; the cursor remembers, for
every path, the size and time at which it was last looked into. Not here: formats (formats.py).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NoReturn

from orchestration.brands import Brand, Source
from orchestration.source_settings import present
from orchestration.sources import formats
from orchestration.sources.connectors import Cursor, Offer
from orchestration.sources.headings import RefusedFileError

BLOCK_BYTES = 16 << 20
"""A file is hashed in blocks of so many bytes. Another size gives every file another digest, and lands it again."""
READ_BYTES = 1 << 20
DIGEST_THREADS = 4


def offers(brand: Brand, source: Source, cursor: Cursor) -> Iterator[Offer]:
    """Files of the drop folder that match the source's path and were not yet looked into as they are now, by name.

    A file that is still being written is told by its ending: names that end in `.tmp` or `.part` or begin with `.` are
    left alone.
    """
    for path in _found(brand, source):
        name = _name(brand, path)
        try:
            mark = _mark(path)
            if cursor.get(name) == mark:
                continue
            if _is_text(path):
                found = offer(path, name, mark, source)
            else:
                found = _closed(name, RefusedFileError("bad_name", "its name is no UTF-8: rename it"))
        except FileNotFoundError:
            continue  # taken away since the folder was read
        except OSError as error:
            found = _closed(name, RefusedFileError("unreadable", f"it cannot be opened: {error.strerror}"))
        yield found


def waiting(brand: Brand, source: Source, cursor: Cursor) -> Iterator[tuple[str, str]]:
    """Name and mark (size and time) of every file that would be offered; opens none."""
    for path in _found(brand, source):
        name = _name(brand, path)
        try:
            mark = _mark(path)
        except OSError as error:
            mark = f"unreadable: {error.strerror}"
        if cursor.get(name) != mark:
            yield name, mark


def _name(brand: Brand, path: Path) -> str:
    """The path within the drop folder, as text: bytes that are none are told in hex."""
    return os.fsencode(path.relative_to(brand.drop).as_posix()).decode("utf-8", "backslashreplace")


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
        read=lambda: formats.read_to_land(path, how()),
        count=lambda: formats.count_records(path, how()),
        advance=lambda cursor: {**cursor, name: mark},
    )


def _is_text(path: Path) -> bool:
    return os.fsencode(path) == str(path).encode("utf-8", "replace")


def _closed(name: str, why: RefusedFileError) -> Offer:
    """A file that is there and cannot be opened: refused by name when somebody looks into it."""

    def refuse() -> NoReturn:
        raise why

    digest = hashlib.sha256(str(why).encode()).hexdigest()
    return Offer(name=name, digest=digest, read=refuse, count=refuse, advance=lambda cursor: cursor)


def deposit(folder: Path, name: str, content: bytes) -> bool:
    """Put a file into a drop folder, whole or not at all; False where one of that name lies there already."""
    target = folder / name
    if target.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / f".{name}.{os.getpid()}.part"
    scratch.write_bytes(content)
    scratch.rename(target)
    return True


def content_digest(path: Path) -> str:
    """What the file's bytes hash to, in hex: the SHA-256 over those of its blocks, which several threads take."""
    starts = range(0, max(path.stat().st_size, 1), BLOCK_BYTES)
    with ThreadPoolExecutor(min(len(starts), DIGEST_THREADS)) as pool:
        return hashlib.sha256(b"".join(pool.map(partial(_block_digest, path), starts))).hexdigest()


def _block_digest(path: Path, start: int) -> bytes:
    digest, left = hashlib.sha256(), BLOCK_BYTES
    with path.open("rb") as handle:
        handle.seek(start)
        while left and (part := handle.read(min(left, READ_BYTES))):
            digest.update(part)
            left -= len(part)
    return digest.digest()


def _mark(path: Path) -> str:
    facts = path.stat()
    return f"{facts.st_size}/{facts.st_mtime_ns}"
