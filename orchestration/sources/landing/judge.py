"""The verdict on every row of a batch: accepted, duplicate, or broken and why.

Here: one batch judged chunk by chunk, so that its sound rows can be written while the rest is still being read; what is
known only at the end (repeated keys) is told then. Not here: how the input was read (formats.py), how its columns
become values (typed.py), the rules for one row (verdict.py), how tokens take the place of persons (tokenise.py), what
is written (write.py). Rows keep the order and number they had in the input.

A problem is `reason|field`. Reasons: malformed_row, nul_byte, missing_value, missing_identity, wrong_type, not_allowed,
malformed_identifier, event_in_future, duplicate_key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from orchestration.brands import Brand, Source
from orchestration.sources.contracts.model import Contract
from orchestration.sources.headings import RefusedFileError
from orchestration.sources.kernels import pc
from orchestration.sources.landing import scratch
from orchestration.sources.landing.bench import Bench, Chunk, Counts
from orchestration.sources.landing.input import Input
from orchestration.sources.landing.repeats import Repeats
from orchestration.sources.landing.tokenise import Tokens
from orchestration.sources.mapping import ContractMapping
from orchestration.sources.reading import literal


class Judged:
    """A batch under judgement. Take `chunks` once; whatever asks for the result judges what is left of it."""

    def __init__(self, bench: Bench, chunks: Iterator[Chunk]) -> None:
        self._bench, self._chunks = bench, chunks

    def chunks(self) -> Iterator[Chunk]:
        """The rows that stand by themselves, in the order of the input."""
        return self._chunks

    @property
    def contract(self) -> Contract:
        """What the rows are judged by."""
        return self._bench.contract

    @property
    def mapping(self) -> ContractMapping:
        """How the input's columns fill the contract."""
        self._judge_the_rest()
        return self._bench.input.mapping

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The columns of the input that a replay finds again."""
        self._judge_the_rest()
        return self._bench.input.mapping.kept_columns

    @property
    def counts(self) -> Counts:
        """Rows by verdict."""
        self._judge_the_rest()
        return self._bench.counts

    @property
    def withdrawn(self) -> list[int]:
        """Numbers of rows that `chunks` gave and that are not accepted: duplicates, and keys with two contents."""
        self._judge_the_rest()
        return [*self._bench.duplicates.tolist(), *self._bench.differing.tolist()]

    @property
    def has_differing_keys(self) -> bool:
        """Whether rows were withdrawn that no accepted row is equal to."""
        self._judge_the_rest()
        return self._bench.differing.size > 0

    def quarantined(self) -> Iterator[pa.RecordBatch]:
        """Broken rows, read once more: `row_number`, `reason`, `field`, `expected`, `format`, `original` (bytes)."""
        self._judge_the_rest()
        broken = self._bench.broken
        if not broken.num_rows:
            return
        expected = {item.name: item.type.words for item in self.contract.fields}
        numbers = broken["number"].combine_chunks()
        for rows in self._bench.input.originals(numbers):
            places = pc.index_in(rows["number"], numbers)
            told = [problem.partition("|") for problem in broken["problem"].take(places).to_pylist()]
            columns = {
                "row_number": rows["number"],
                "reason": pa.array([reason for reason, _, _ in told], pa.string()),
                "field": pa.array([field or None for _, _, field in told], pa.string()),
                "expected": pa.array([expected.get(field) for _, _, field in told], pa.string()),
                "format": rows["format"],
                "original": rows["original"],
            }
            yield from pa.table(columns).combine_chunks().to_batches()

    def clear_values(self) -> Iterator[pa.RecordBatch]:
        """The clear values behind the tokens that `chunks` gave: `value_key`, `namespace`, `value`, some twice."""
        self._judge_the_rest()
        return self._bench.tokens.clear_values.rows()

    def broken_values(self) -> Iterator[pa.RecordBatch]:
        """Unreadable identifiers in rows that stand without them: `row_number`, `field`, `original` (bytes)."""
        withdrawn = pa.array(self.withdrawn, pa.int64())
        for rows in self._bench.tokens.broken_values.rows():
            yield rows.filter(pc.invert(pc.is_in(rows.column("row_number"), withdrawn)))

    def broken_numbers(self) -> list[int]:
        """Numbers of the broken rows."""
        self._judge_the_rest()
        return self._bench.broken["number"].to_pylist()

    def event_days(self, zone: str) -> tuple[date | None, date | None]:
        """Least and greatest event day of the rows that `chunks` gave, in the zone; None where nothing is dated."""
        self._judge_the_rest()
        first, last = self._bench.span
        return _day(first, zone), _day(last, zone)

    def _judge_the_rest(self) -> None:
        for _ in self._chunks:
            pass


def _day(moment: date | None, zone: str) -> date | None:
    return moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment


@contextmanager
def judging(
    brand: Brand,
    contract: Contract,
    source: Source,
    open_rows: Callable[[], pa.RecordBatchReader],
    *,
    loaded_at: datetime,
    key: bytes,
) -> Iterator[Judged]:
    """Judge the rows of one batch; its tables live as long as the context.

    `open_rows` is called again to fetch the original text of broken rows, so that sound batches do not pay for it.
    Raises RefusedFileError where columns are missing or, while chunks are taken, where the rows cannot be read to their
    end.
    """
    with scratch.folder(brand) as folder:
        connection = _connect(folder)
        try:
            zone = source.time_zone or brand.file.time_zone
            rows = Input(connection, contract, source, zone, open_rows)
            tokens = Tokens(contract, key, brand.file.country, folder)
            bench = Bench(connection, contract, rows, tokens, Repeats(folder), loaded_at)
            yield Judged(bench, bench.judge())
        except (duckdb.Error, pa.ArrowInvalid, UnicodeDecodeError) as error:  # its text may hold a row
            raise _unreadable(error) from None
        finally:
            connection.close()


def _unreadable(error: Exception) -> RefusedFileError:
    return RefusedFileError("unreadable", f"its rows cannot be read to the end ({type(error).__name__})")


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")  # beyond its memory it spills into the folder
    connection.execute("set timezone = 'UTC'")
    connection.execute("set preserve_insertion_order = true")
    connection.execute(f"set temp_directory = {literal(str(folder / 'spill'))}")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    return connection
