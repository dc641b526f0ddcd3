"""One malformed input and what must become of it, written by hand.

Here: the shape of a case, and the small writers that put its bytes together. Not here: the cases (the modules beside
this one), the judgement on what a lander did with them (harness.py). Nothing of the product is imported.

A verdict is a word per row: `accepted`, `duplicate`, or `reason|field` of the quarantine. Whatever a row in quarantine,
a refused file or a personal field holds has the word CANARY in it, which may be found in the vault and nowhere else.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.landing.corpus.good_rows import GOOD, NUMBERED

ACCEPTED = "accepted"
DUPLICATE = "duplicate"
CANARY = "canary"
NOTE = "note"
"""A column that nobody reads: what it holds reaches no table, but the vault with a broken row."""

Row = Mapping[str, Any]
Corrections = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class Mend:
    """How a person puts an input right: other settings, another mapping, corrected rows, or the file sent once more.

    `columns` and `settings` take the place of the case's own. `rows`: row number → column → text, laid over the
    row as it came, or in its place where `is_whole`. `content` is the file as it comes again, under its name.
    `accepted` rows land then of a file that was refused.
    """

    columns: str | None = None
    settings: str | None = None
    rows: Corrections = field(default_factory=dict[int, Mapping[str, str]])
    is_whole: bool = False
    content: bytes | None = None
    accepted: int = 0


@dataclass(frozen=True)
class Case:
    """An input of one source.

    `rows`: a verdict per row; None where the whole file is refused for the reason `refused`. `aside`: values set aside
    in rows that stand without them, as (row, field). `landed`: row → field → what is stored, as text, None for nothing;
    of a personal field the clear value. `unmapped`: columns that nobody reads. `settings` and `columns`: TOML lines of
    the source and of its mapping. `secrets`: more texts that only the vault may hold.
    """

    name: str
    contract: str
    content: bytes
    rows: tuple[str, ...] | None = None
    refused: str = ""
    file: str = "a.csv"
    settings: str = ""
    columns: str = ""
    aside: tuple[tuple[int, str], ...] = ()
    landed: Mapping[int, Mapping[str, str | None]] = field(default_factory=dict[int, Mapping[str, "str | None"]])
    unmapped: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    mend: Mend | None = None

    @property
    def broken(self) -> dict[int, str]:
        """Rows that belong into quarantine, with their reasons."""
        told = enumerate(self.rows or (), start=1)
        return {number: verdict for number, verdict in told if verdict not in (ACCEPTED, DUPLICATE)}

    @property
    def inputs(self) -> int:
        """Malformed inputs in it: the file that is refused, else broken rows and values."""
        return 1 if self.rows is None else len(self.broken) + len(self.aside)

    @property
    def is_harmless(self) -> bool:
        """Whether every row is to be accepted as it stands."""
        return self.rows is not None and not self.aside and all(verdict == ACCEPTED for verdict in self.rows)


def sheet(contract: str, *changes: Row, delimiter: str = ",", more: Sequence[str] = ()) -> str:
    """A CSV text: the contract's good row once per entry of `changes`, numbered, with these cells changed.

    `more` are columns beside those of the good row.
    """
    columns = [*GOOD[contract], *more]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(numbered(contract, changes))
    return text.getvalue()


def numbered(contract: str, changes: Sequence[Row]) -> list[dict[str, Any]]:
    """Good rows of a contract, told apart by their number, with some cells changed."""
    return [
        {**GOOD[contract], NUMBERED[contract]: f"n{number}", **change} for number, change in enumerate(changes, start=1)
    ]


def lines(contract: str, *changes: Row | str) -> str:
    """JSON lines likewise; a change that is a text is the whole line."""
    rows = numbered(contract, [change if isinstance(change, Mapping) else {} for change in changes])
    return "".join(
        (change if isinstance(change, str) else json.dumps(row, ensure_ascii=False)) + "\n"
        for change, row in zip(changes, rows, strict=True)
    )


def parquet(columns: Mapping[str, Any] | pa.Table, **options: Any) -> bytes:
    """A Parquet file of these columns."""
    target = io.BytesIO()
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(dict(columns)), target, **options)
    return target.getvalue()


def values(
    name: str,
    contract: str,
    column: str,
    cells: Sequence[tuple[str, str]],
    *,
    columns: str = "",
    settings: str = "",
    good: str | None = None,
    mended: str | None = None,
    of: str = "",
) -> Case:
    """A CSV file with one cell a row to judge: (text, what becomes of it).

    What becomes of it is `=value` where the row is accepted and this is stored (`=` alone: nothing), `aside` where it
    is accepted without the value, or the reason. Broken rows are mended with the text `good` (the good row's own when
    left out), or by the mapping `mended`. `of`: the field, where it is not called like its column. Every row has
    a note that nobody reads.
    """
    changes = [{column: text, NOTE: f"{CANARY} {number}"} for number, (text, _) in enumerate(cells, start=1)]
    told = list(enumerate((what for _, what in cells), start=1))
    broken = {number: what for number, what in told if what != "aside" and not what.startswith("=")}
    of = of or column
    right = GOOD[contract].get(column, "") if good is None else good
    return Case(
        name,
        contract,
        sheet(contract, *changes, more=[NOTE] if column in GOOD[contract] else [column, NOTE]).encode(),
        rows=tuple(f"{broken[number]}|{of}" if number in broken else ACCEPTED for number, _ in told),
        columns=columns,
        settings=settings,
        aside=tuple((number, of) for number, what in told if what == "aside"),
        landed={number: {of: what[1:] or None} for number, what in told if what.startswith("=")}
        | {number: {of: None} for number, what in told if what == "aside"},
        unmapped=(NOTE,),
        mend=Mend(columns=mended) if mended else Mend(rows={number: {column: right} for number in broken}),
    )
