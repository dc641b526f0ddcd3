"""Folders elsewhere: which of their files are new, and how one that was fetched is offered.

Here: patterns, marks in the cursor, files on their way through the brand's scratch folder. Not here: how a folder is
reached (sftp.py, s3.py), what a file is (files.py, formats.py). The cursor remembers, for every name in the folder, how
it looked when it was last looked into; names that are gone from the folder are forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import pyarrow as pa

from orchestration.brands import Brand, Source
from orchestration.sources.connectors import Cursor, Offer, files
from orchestration.sources.formats import RefusedFileError
from orchestration.sources.landing import scratch

WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Found:
    """A file of the folder: its name there, and a mark that is another one when it is written anew."""

    name: str
    mark: str


class NotNowError(Exception):
    """The file is another one than was listed, or gone: the next landing will see."""


Fetch = Callable[[Found, Path], None]
"""Writes a file of the folder to a path; NotNowError, or RefusedFileError for one that alone cannot be had."""


def offers(brand: Brand, source: Source, cursor: Cursor, listed: Sequence[Found], fetch: Fetch) -> Iterator[Offer]:
    """The files that were not yet looked into as they are now, by name; each lies in scratch while it is landed."""
    names = {found.name for found in listed}
    with scratch.folder(brand) as folder:
        for number, found in enumerate(sorted(listed, key=lambda one: one.name)):
            if cursor.get(found.name) == found.mark:
                continue
            path = folder / str(number) / PurePosixPath(found.name).name
            path.parent.mkdir()
            try:
                fetch(found, path)
                offer = files.offer(path, found.name, found.mark, source)
            except NotNowError:
                continue
            except RefusedFileError as error:
                offer = _refused(found, error)
            yield replace(offer, advance=_forgetting(offer, names))
            path.unlink(missing_ok=True)


def _forgetting(offer: Offer, names: set[str]) -> Callable[[Cursor], Cursor]:
    def advance(cursor: Cursor) -> Cursor:
        return offer.advance({name: mark for name, mark in cursor.items() if name in names})

    return advance


def _refused(found: Found, error: RefusedFileError) -> Offer:
    """An offer of what cannot be had: landing refuses it by name and goes on."""

    def refuse() -> int:
        raise error

    def read() -> pa.RecordBatchReader:
        raise error

    return Offer(name=found.name, digest=found.mark, read=read, count=refuse, advance=dict)


def steady_part(pattern: str) -> str:
    """What all names begin with that the pattern fits."""
    wild = WILD.search(pattern)
    return pattern if wild is None else pattern[: wild.start()]


def fits(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern as in a shell: `*` and `?` stay within a folder, `**/` is any folders or none."""
    return re.fullmatch(_expression(pattern), name) is not None


def _expression(pattern: str) -> str:
    return "".join(map(_meaning, re.split(r"(\*\*/|\*|\?|\[[^\]]+\])", pattern)))


def _meaning(part: str) -> str:
    if part.startswith("["):
        return part.replace("[!", "[^", 1)
    return {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}.get(part) or re.escape(part)
