"""The original text of broken rows.

Here: reading them once more, so that sound batches do not pay for it. Not here: which rows are broken (judge.py), where
their text is kept (write.py).
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from orchestration.sources import mapping as maps
from orchestration.sources.headings import RESERVED
from orchestration.sources.reading import as_text, literal, name


def keep_originals(
    connection: duckdb.DuckDBPyConnection,
    columns: dict[str, str],
    open_rows: Callable[[], pa.RecordBatchReader],
    *,
    is_needed: bool,
) -> None:
    """The table `original`: broken rows as they came, read once more; those that split into columns as JSON objects."""
    connection.execute("create table original (_row_number bigint, is_line boolean, original varchar)")
    if not is_needed:
        return
    if maps.LINE_COLUMN in columns:
        whole = name(maps.LINE_COLUMN)
    else:
        pairs = ", ".join(
            f"{literal(column)}, {as_text(name(column), kind)}"
            for column, kind in columns.items()
            if column not in RESERVED
        )
        whole = f"cast(json_object({pairs}) as varchar)"
    connection.register("second_reading", open_rows())
    connection.execute(
        f"""
        insert into original
        select _row_number, _malformed is not null, coalesce(_malformed, {whole}) from second_reading
        where _row_number in (select _row_number from judged where _verdict = 'quarantined')
        """
    )
