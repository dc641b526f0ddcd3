"""The bench a batch is judged on: chunk after chunk, with what has to be remembered in between.

Here: the order of the steps, the counts, the rows that do not stand. Not here: the steps themselves (input.py,
typed.py, verdict.py, tokenise.py, content.py, repeats.py), what others may ask of the result (judge.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.sources.contracts.model import Contract
from orchestration.sources.kernels import pc
from orchestration.sources.landing import typed, verdict
from orchestration.sources.landing.arrays import Hashes, Integers, Mask
from orchestration.sources.landing.content import Hasher, RowHashes
from orchestration.sources.landing.input import Input
from orchestration.sources.landing.repeats import Repeats
from orchestration.sources.landing.tokenise import Tokens
from orchestration.sources.landing.verdict import Problems

Span = tuple[date | None, date | None]

_NOTHING_BROKEN = pa.table(
    {"number": pa.array([], pa.int64()), "problem": pa.array([], pa.string()).dictionary_encode()}
)


@dataclass(frozen=True)
class Counts:
    """Rows of one batch by verdict."""

    accepted: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True)
class Chunk:
    """Rows that stand by themselves: `columns` in contract order, their numbers, hashes of their content.

    Some of them may turn out to share their key with another row: `Judged.withdrawn` has their numbers in the end.
    """

    columns: list[pa.Array]
    numbers: pa.Array
    hashes: Hashes

    @property
    def count(self) -> int:
        """Rows."""
        return len(self.numbers)


class Bench:
    """One batch: `judge` goes through it; then the other attributes are what came of it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        rows: Input,
        tokens: Tokens,
        repeats: Repeats,
        loaded_at: datetime,
    ) -> None:
        self.contract, self.input, self.tokens = contract, rows, tokens
        self._connection, self._repeats, self._loaded_at = connection, repeats, loaded_at
        self._hasher = Hasher(contract.key)
        self._standing = 0
        self._broken: list[pa.Table] = []
        self.span: Span = (None, None)
        self.duplicates: Integers = np.zeros(0, np.int64)
        self.differing: Integers = np.zeros(0, np.int64)

    @property
    def counts(self) -> Counts:
        """Rows by verdict."""
        accepted = self._standing - self.duplicates.size - self.differing.size
        return Counts(accepted, self.duplicates.size, sum(rows.num_rows for rows in self._broken))

    @property
    def broken(self) -> pa.Table:
        """The broken rows: `number` and `problem`."""
        return pa.concat_tables([_NOTHING_BROKEN, *self._broken]).unify_dictionaries().combine_chunks()

    def judge(self) -> Iterator[Chunk]:
        """The rows that stand by themselves."""
        for rows, has_nul in self.input.chunks():
            chunk = self._judge_chunk(rows, has_nul)
            if chunk.count:
                self._standing += chunk.count
                yield chunk
        found = self._repeats.find()
        self.duplicates, self.differing = found.duplicates, found.differing
        if found.differing.size:
            problem = pa.repeat(f"duplicate_key|{self.contract.key[0]}", found.differing.size)
            self._broken.append(pa.table({"number": found.differing, "problem": problem.dictionary_encode()}))

    def _judge_chunk(self, rows: pa.RecordBatch, has_nul: Mask | None) -> Chunk:
        found = typed.read(self._connection, self.input.mapping, rows, self.input.zone)
        problems = verdict.judge(self.contract, rows, found, has_nul, self._loaded_at)
        values, numbers = self._sound(found.values, rows.column("_row_number"), problems)
        tokened, problems = self.tokens.replace(values, len(numbers))
        self.tokens.keep(values, tokened, numbers, problems.sound)
        tokened, numbers = self._sound(tokened, numbers, problems)
        columns = {item.name: tokened[item.name] for item in self.contract.fields}
        hashes = self._hasher.hashes(columns, len(numbers))
        self._remember(columns, numbers, hashes)
        return Chunk([*columns.values()], numbers, hashes.content)

    def _sound(
        self, values: dict[str, pa.Array], numbers: pa.Array, problems: Problems
    ) -> tuple[dict[str, pa.Array], pa.Array]:
        """The rows without a problem; the others are set aside."""
        sound = problems.sound
        if sound is None:
            return values, numbers
        self._broken.append(problems.broken(numbers))
        where = pa.array(sound)
        return {name: value.filter(where) for name, value in values.items()}, numbers.filter(where)

    def _remember(self, values: dict[str, pa.Array], numbers: pa.Array, hashes: RowHashes) -> None:
        """What the end of the batch needs of a chunk: its keys, and the days it spans."""
        if not len(numbers):
            return
        if self.contract.key:
            self._repeats.add(hashes, numbers.to_numpy())
        if self.contract.event_at is not None:
            ends = pc.min_max(values[self.contract.event_at]).as_py()
            first, last = self.span
            if ends["min"] is not None:
                self.span = (
                    ends["min"] if first is None else min(first, ends["min"]),
                    ends["max"] if last is None else max(last, ends["max"]),
                )
